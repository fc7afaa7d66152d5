"""Rules on the multivariant playlist, by itself and against the bytes behind it (RFC 8216bis, 4.4.6)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .initialisation import Initialisation
from .multivariant import Multivariant, Variant
from .violation import Violation

_VIDEO = ("avc1.", "avc3.", "hvc1.", "hev1.")
_RATE = Fraction(1, 100)  # frames/s; FRAME-RATE is printed with three decimals


@dataclass(frozen=True)
class Measured:
    """What was found in the bytes of one playlist: bits/s, frames/s."""

    start: Initialisation
    peak: float
    frame_rates: frozenset[Fraction] = frozenset()


def check_multivariant(where: str, playlist: Multivariant, languages: Mapping[str, str]) -> list[Violation]:
    """languages: tag → the language's name in itself, as the room's plan has them."""
    found = [violation for rule in RULES for violation in rule(where, playlist)]
    return [*found, *languages_present(where, playlist, languages)]


def attributes_present(where: str, playlist: Multivariant) -> Iterator[Violation]:
    """4.4.6.2: CODECS for all; RESOLUTION and FRAME-RATE for video."""
    if not playlist.variants:
        yield Violation("no-variants", "4.4.6.2", where, "there is no EXT-X-STREAM-INF")
    for variant in playlist.variants:
        if not variant.codecs:
            yield Violation("no-codecs", "4.4.6.2", where, f"{variant.uri} has no CODECS")
        if _has_video(variant) and (variant.resolution is None or variant.frame_rate is None):
            yield Violation(
                "no-resolution", "4.4.6.2", where, f"{variant.uri} lacks RESOLUTION or FRAME-RATE"
            )
        if variant.average_bandwidth is not None and variant.average_bandwidth > variant.bandwidth:
            yield Violation(
                "average-over-peak", "4.4.6.2", where, f"{variant.uri}: AVERAGE-BANDWIDTH is higher"
            )


def audio_groups(where: str, playlist: Multivariant) -> Iterator[Violation]:
    """4.4.6.1.1 and 4.4.6.2.1: groups exist, have the same members, one default each, unique names."""
    groups: dict[str, list[tuple[str, str | None]]] = {}
    for item in playlist.renditions:
        groups.setdefault(item.group, []).append((item.name, item.language))
        if item.default and not item.autoselect:
            yield Violation(
                "default-not-autoselect", "4.4.6.1", where, f"{item.name}: DEFAULT without AUTOSELECT"
            )
        if item.channels is None:
            yield Violation("no-channels", "4.4.6.1", where, f"{item.name} has no CHANNELS")
    for variant in playlist.variants:
        if variant.audio is not None and variant.audio not in groups:
            yield Violation("no-such-group", "4.4.6.2.1", where, f"{variant.uri}: AUDIO={variant.audio}")
        if variant.audio is None and playlist.renditions:
            yield Violation("variant-without-group", "4.4.6.2.1", where, f"{variant.uri} has no AUDIO")
    members = [sorted(map(str, group)) for group in groups.values()]
    if any(group != members[0] for group in members):
        yield Violation("groups-differ", "4.4.6.1.1", where, f"audio groups have other members: {groups}")
    for group, rows in groups.items():
        defaults = [item for item in playlist.renditions if item.group == group and item.default]
        if len(defaults) != 1:
            yield Violation("defaults", "4.4.6.1.1", where, f"group {group} has {len(defaults)} defaults")
        if len({name for name, _ in rows}) != len(rows):
            yield Violation("names-repeat", "4.4.6.1.1", where, f"group {group} has a NAME twice")


def unlike_variants(where: str, playlist: Multivariant) -> Iterator[Violation]:
    """4.4.6.2: variants are told apart by their bandwidth; independent segments are said here too."""
    rates = [variant.bandwidth for variant in playlist.variants]
    if len(set(rates)) != len(rates):
        yield Violation("bandwidth-repeats", "4.4.6.2", where, f"BANDWIDTHs {rates}")
    if not playlist.independent:
        yield Violation("not-independent", "4.4.2.1", where, "EXT-X-INDEPENDENT-SEGMENTS is missing")


RULES: tuple[Callable[[str, Multivariant], Iterator[Violation]], ...] = (
    attributes_present,
    audio_groups,
    unlike_variants,
)


def languages_present(
    where: str, playlist: Multivariant, languages: Mapping[str, str]
) -> Iterator[Violation]:
    """4.4.6.1 and decision 2 of the architecture: every language is there, named in itself."""
    for group in {item.group for item in playlist.renditions} or {"none"}:
        named = {item.language: item.name for item in playlist.renditions if item.group == group}
        for tag, name in languages.items():
            if tag not in named:
                yield Violation("language-missing", "4.4.6.1", where, f"group {group} lacks {tag}")
            elif named[tag] != name:
                yield Violation(
                    "language-misnamed", "4.4.6.1", where, f"{tag} is {named[tag]!r}, not {name!r}"
                )


def check_measured(
    where: str, playlist: Multivariant, measured: Mapping[str, Measured], address: Callable[[str], str]
) -> list[Violation]:
    """Declarations against bytes. measured: playlist address → figures; address: makes a URI absolute."""
    found: list[Violation] = []
    for variant in playlist.variants:
        own = measured.get(address(variant.uri))
        if own is None:
            continue
        sounds = [
            measured[address(item.uri)]
            for item in playlist.renditions
            if item.group == variant.audio and item.uri and address(item.uri) in measured
        ]
        found += _variant_true(where, variant, own, sounds)
    return found


def _variant_true(where: str, variant: Variant, own: Measured, sounds: list[Measured]) -> Iterator[Violation]:
    """BANDWIDTH is the peak of the variant with the loudest of its renditions (4.4.6.2)."""
    others = [item.peak for item in sounds if item.start.kind != own.start.kind]
    peak = own.peak + max(others, default=0.0)
    if peak > variant.bandwidth:
        detail = f"{variant.uri}: {peak:.0f} bit/s measured, BANDWIDTH={variant.bandwidth}"
        yield Violation("bandwidth-untrue", "4.4.6.2", where, detail)
    true = {own.start.codec, *(item.start.codec for item in sounds)}
    if {code.lower() for code in variant.codecs} != {code.lower() for code in true}:
        detail = f"{variant.uri}: CODECS {sorted(variant.codecs)}, bytes {sorted(true)}"
        yield Violation("codecs-untrue", "4.4.6.2", where, detail)
    if own.start.kind != "vide":
        return
    if not variant.resolution == own.start.coded_size == own.start.entry_size:
        detail = f"{variant.uri}: RESOLUTION {variant.resolution}, bytes {own.start.coded_size}"
        yield Violation("resolution-untrue", "4.4.6.2", where, detail)
    # It is the maximum (4.4.6.2): a picture that is held while its source is lost lasts longer.
    rate = max(own.frame_rates, default=Fraction(0))
    if variant.frame_rate is None or abs(rate - Fraction(variant.frame_rate)) > _RATE:
        detail = f"{variant.uri}: FRAME-RATE {variant.frame_rate}, bytes {float(rate):.3f}"
        yield Violation("frame-rate-untrue", "4.4.6.2", where, detail)


def _has_video(variant: Variant) -> bool:
    return any(code.startswith(_VIDEO) for code in variant.codecs)
