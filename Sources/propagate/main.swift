import PropagateCommand

WaitPolicy.adopt()
PropagateCommand.main()
