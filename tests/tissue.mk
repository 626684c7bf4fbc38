# Tests of the room tissue.
