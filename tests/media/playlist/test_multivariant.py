from amphitheatre.media.playlist.languages import iso_639_2
from amphitheatre.media.playlist.multivariant import SoundRendition, Variant, render

VARIANTS = [
    Variant("720p/media.m3u8", 2_800_000, 2_000_000, "avc1.64001f,mp4a.40.2", 1280, 720, 25),
    Variant("240p/media.m3u8", 300_000, 200_000, "avc1.640015,mp4a.40.2", 426, 240, 25),
]
SOUNDS = [
    SoundRendition("../languages/fr/media.m3u8", "fr", "Français", False, 2),
    SoundRendition("../languages/zh-Hans/media.m3u8", "zh-Hans", "中文", True, 2),
]


def test_every_rung_has_every_language_and_the_floor_alone_is_the_lowest_variant() -> None:
    assert render(VARIANTS, SOUNDS, 80_000).splitlines()[3:] == [
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Français",LANGUAGE="fr",DEFAULT=NO,AUTOSELECT=YES'
        ',CHANNELS="2",URI="../languages/fr/media.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="中文",LANGUAGE="zh-Hans",DEFAULT=YES,AUTOSELECT=YES'
        ',CHANNELS="2",URI="../languages/zh-Hans/media.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=2800000,AVERAGE-BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2"'
        ',RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO="sound"',
        "720p/media.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=300000,AVERAGE-BANDWIDTH=200000,CODECS="avc1.640015,mp4a.40.2"'
        ',RESOLUTION=426x240,FRAME-RATE=25.000,AUDIO="sound"',
        "240p/media.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=80000,AVERAGE-BANDWIDTH=80000,CODECS="mp4a.40.2",AUDIO="sound"',
        "../languages/zh-Hans/media.m3u8",
    ]


def test_without_a_floor_there_is_no_variant_of_sound_alone() -> None:
    text = render(VARIANTS, SOUNDS[:1], 80_000)
    assert text.count("#EXT-X-STREAM-INF") == 2
    assert "DEFAULT=YES" not in text


def test_languages_have_their_codes_in_boxes() -> None:
    tags = ("zh-Hans", "en", "fr", "yue", "xx")
    assert [iso_639_2(tag) for tag in tags] == ["zho", "eng", "fra", "yue", "und"]
