"""Short names for the array types that the engine passes around."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
SmallFloatArray = npt.NDArray[np.float32]
IndexArray = npt.NDArray[np.intp]
CountArray = npt.NDArray[np.int64]
StatementIndex = npt.NDArray[np.int32]
ChoiceArray = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]
