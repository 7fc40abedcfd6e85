import PropagateCommand

WaitPolicy.adopt()
PropagateCommand.start()
