import PropagateCommand

PropagateCommand.start(commit: sourceCommit)
