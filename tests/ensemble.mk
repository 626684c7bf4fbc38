# Tests of the room ensemble.
