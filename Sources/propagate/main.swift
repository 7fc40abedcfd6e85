import PropagateCommand

PropagateCommand.main()
