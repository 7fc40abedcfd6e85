@testable import Prediction
