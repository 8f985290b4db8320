"""Pullquote: answers questions with verbatim quotes, in a terminal and on Discord."""

import os

# Read when numpy is imported. The matrices of a question are small: on two threads their products
# take up to 20 times the CPU time, which the threads spend waiting for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
