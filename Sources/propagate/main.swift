import PropagateCommand

WaitPolicy.adopt()
PropagateCommand.start(commit: sourceCommit)
