print("propagate")
