// PropagateCommand
