"""Records in and out: case files, mappings, rejected rows and result files. Pure Python, standard library only.

Owns how a row of somebody's file becomes a case, and what happens to a row that cannot. Decides nothing about promises.
"""

from .cases import CaseFiles, TableFile, read_case_files, read_table
from .mapping import Mapping, read_mapping
from .rejects import Reject, Rejects
from .results import COLUMNS, result_row, write_results

__all__ = [
    "COLUMNS",
    "CaseFiles",
    "Mapping",
    "Reject",
    "Rejects",
    "TableFile",
    "read_case_files",
    "read_mapping",
    "read_table",
    "result_row",
    "write_results",
]
