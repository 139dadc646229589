"""An import-linter contract: rooms of the house meet only at their doors."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Forbid a room from importing anything of another room but its doors."""

    house: Any = fields.StringField()
    doors: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """The contract is kept when no import goes round a door."""
        detours = [
            detail
            for importer in sorted(graph.find_descendants(self.house))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._is_detour(importer, imported)
            for detail in graph.get_import_details(importer=importer, imported=imported)
        ]
        return ContractCheck(kept=not detours, metadata={"detours": detours})

    def _is_detour(self, importer: str, imported: str) -> bool:
        here, _ = self._room_and_part(importer)
        there, part = self._room_and_part(imported)
        return bool(there) and there != here and part not in self.doors

    def _room_and_part(self, module: str) -> tuple[str, str]:
        inside = module.removeprefix(self.house + ".")
        if inside == module:
            return "", ""
        room, _, rest = inside.partition(".")
        return room, rest.partition(".")[0]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that goes round a door, with its line."""
        for detail in check.metadata["detours"]:
            output.print_error(
                f"{detail['importer']}:{detail['line_number']} goes round the door: {detail['line_contents']}"
            )
