using System.Text.Unicode;

namespace SpeechStream.Audio.Formats;

/// <summary>What the first bytes of a file or stream say it is. The library and the command line share this, so that the two can't differ.</summary>
/// <param name="Name">As a message names it.</param>
/// <param name="Extension">That of its files, without a dot; empty for what can't be converted to audio.</param>
/// <param name="Format">How the options name it; null when the service doesn't take it.</param>
/// <param name="HeaderAt">How many bytes stand before a WAV header; 0 for all else.</param>
internal sealed record AudioSignature(string Name, string Extension = "", AudioFormat? Format = null, int HeaderAt = 0)
{
    // So many bytes are enough for text, and for the document type of Matroska. More zeros than these are silence, and a live source may
    // pause behind them: it isn't kept waiting, and a WAV header behind them is seen only if it is there already.
    private const int EnoughBytes = 64;

    // Fewer bytes may spell a word by chance.
    private const int ShortestText = 8;

    private const int RiffBytes = 12;
    private const int OggHeaderBytes = 27;
    private const int OggSegments = 26;
    private const int CodecBytes = 8;
    private const int Id3Bytes = 10;

    public static readonly AudioSignature Wave = new("WAV", "wav", AudioFormat.Wav);
    public static readonly AudioSignature Rifx = new("RIFX, which is WAV with the bytes of each sample swapped", "wav");
    public static readonly AudioSignature Aiff = new("AIFF", "aiff");
    public static readonly AudioSignature Mp4 = new("MP4", "m4a");
    public static readonly AudioSignature QuickTime = new("QuickTime", "mov");
    public static readonly AudioSignature OggOpus = new("Opus in Ogg", "opus", AudioFormat.Opus);
    public static readonly AudioSignature WebM = new("WebM", "webm");
    public static readonly AudioSignature Matroska = new("Matroska", "mkv");

    private static readonly AudioSignature Text = new("text");
    private static readonly AudioSignature Id3 = new("MP3", "mp3", AudioFormat.Mp3);

    private static readonly (int Offset, byte[] Bytes, AudioSignature Signature)[] Containers =
    [
        (0, [.. "fLaC"u8], new("FLAC", "flac")),
        (0, [.. ".snd"u8], new("AU", "au")),
        (0, [.. "caff"u8], new("CAF", "caf")),
        (0, [.. "RIFX"u8], Rifx),
        (0, [.. "riff"u8, 0x2E, 0x91, 0xCF, 0x11], new("Wave64", "w64")),
        (0, [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], new("WMA", "wma")),
        (0, [.. "#!AMR"u8], new("AMR", "amr", AudioFormat.Amr)),
        (0, [.. "#!SILK"u8], new("SILK", "silk")),
        (0, [0x02, .. "#!SILK"u8], new("SILK", "silk")),
        (0, [.. "wvpk"u8], new("WavPack", "wv")),
        (0, [.. "MAC "u8], new("Monkey's Audio", "ape")),
        (0, [.. "NIST_1A"u8], new("NIST SPHERE", "sph")),
        (0, [.. "FLV\x01"u8], new("Flash video", "flv")),
        (0, [0x00, 0x00, 0x01, 0xBA], new("MPEG video", "mpg")),
        (0, [.. "TTA1"u8], new("True Audio", "tta")),
        (0, [.. "Creative Voice File\x1A"u8], new("VOC", "voc")),
        (0, [.. ".RMF"u8], new("RealMedia", "rm")),
        (4, [.. "ftyp"u8], Mp4),
        (4, [.. "moov"u8], QuickTime),
        (4, [.. "mdat"u8], QuickTime),
        (4, [.. "wide"u8], QuickTime),
        (0, [.. "MThd"u8], new("MIDI")),
        (0, [.. "PK\x03\x04"u8], new("a ZIP archive")),
        (0, [.. "Rar!"u8], new("a RAR archive")),
        (0, [.. "7z"u8, 0xBC, 0xAF], new("a 7z archive")),
        (0, [0x1F, 0x8B, 0x08, 0x00], new("a gzip archive")),
        (0, [0x1F, 0x8B, 0x08, 0x08], new("a gzip archive")),
        (0, [.. "BZh91AY&SY"u8], new("a bzip2 archive")),
        (0, [0xFD, .. "7zXZ\0"u8], new("an xz archive")),
        (0, [0x28, 0xB5, 0x2F, 0xFD], new("a zstd archive")),
        (0, [.. "%PDF-"u8], new("a PDF document")),
        (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], new("an Office document")),
        (0, [.. "SQLite format 3\0"u8], new("a database")),
        (0, [0x7F, .. "ELF"u8], new("a program")),
        (0, [0x89, .. "PNG"u8], new("an image")),
        (0, [.. "GIF87a"u8], new("an image")),
        (0, [.. "GIF89a"u8], new("an image")),
        (0, [0xFF, 0xD8, 0xFF, 0xDB], new("an image")),
        (0, [0xFF, 0xD8, 0xFF, 0xE0], new("an image")),
        (0, [0xFF, 0xD8, 0xFF, 0xE1], new("an image")),
        (0, [.. "<!DOCTYPE"u8], Text),
        (0, [.. "<html"u8], Text),
        (0, [.. "<?xml"u8], Text),
    ];

    /// <summary>Whether it has sound, so that it can be converted.</summary>
    public bool IsRecording => Extension.Length > 0;

    /// <summary>Whether audio of this kind may be given where the options say <paramref name="asked"/>.</summary>
    public bool Fits(AudioFormat asked) =>
        Format == asked || (this == Wave && asked == AudioFormat.Pcm) || (ReferenceEquals(this, Id3) && asked == AudioFormat.Aac);

    /// <summary>Recognizes the beginning of a stream; with too few bytes, call again with more.</summary>
    /// <param name="start">All bytes so far.</param>
    /// <param name="isWhole">No more come.</param>
    /// <param name="withFrames">Whether to look for MP3 and AAC without a container, too, whose first bytes may also be samples.</param>
    /// <param name="found">What it is; null when it is nothing known, and may be raw samples.</param>
    /// <returns>False when more bytes are needed.</returns>
    public static bool TryRecognize(ReadOnlySpan<byte> start, bool isWhole, bool withFrames, out AudioSignature? found)
    {
        found = null;
        if (start.Length < RiffBytes && !isWhole)
        {
            return false;
        }

        var needsMore = false;
        found = Contained(start) ?? Riff(start) ?? Iff(start) ?? Tagged(start) ?? Ebml(start, ref needsMore) ?? Ogg(start, ref needsMore) ?? WaveBehind(start, ref needsMore);
        if (found is null && !needsMore && (isWhole || start.Length >= EnoughBytes) && IsText(start))
        {
            found = Text;
        }

        if (found is null && withFrames)
        {
            found = MpegFrames.Recognize(start, ref needsMore);
        }

        needsMore |= start.Length < EnoughBytes && (IsText(start) || !start.ContainsAnyExcept((byte)0));
        return found is not null || isWhole || !needsMore;
    }

    /// <summary>Audio or video, in a format that the service takes if it is given.</summary>
    private static AudioSignature? Contained(ReadOnlySpan<byte> start)
    {
        foreach (var (offset, bytes, signature) in Containers)
        {
            if (start.Length > offset && start[offset..].StartsWith(bytes))
            {
                return signature;
            }
        }

        return null;
    }

    /// <summary>A whole stream may end within these bytes. It counts as WAV then, which says that its header broke off.</summary>
    private static AudioSignature? Riff(ReadOnlySpan<byte> start) =>
        !start.StartsWith("RIFF"u8) && !start.StartsWith("RF64"u8) && !start.StartsWith("BW64"u8) ? null
        : start.Length < RiffBytes || IsForm(start) ? Wave
        : new("RIFF without WAVE, as video has", "avi");

    private static AudioSignature? Iff(ReadOnlySpan<byte> start) =>
        !start.StartsWith("FORM"u8) ? null
        : start.Length < RiffBytes || start[8..].StartsWith("AIF"u8) ? Aiff
        : new("IFF without AIFF", "iff");

    private static AudioSignature? Ogg(ReadOnlySpan<byte> start, ref bool needsMore)
    {
        if (!start.StartsWith("OggS"u8))
        {
            return null;
        }

        var codecAt = OggHeaderBytes + (start.Length > OggSegments ? start[OggSegments] : 1);
        if (start.Length < codecAt + CodecBytes)
        {
            needsMore = true;
            return null;
        }

        var codec = start[codecAt..];
        return codec.StartsWith("OpusHead"u8) ? OggOpus
            : codec.StartsWith("Speex   "u8) ? new("Speex in Ogg", "spx", AudioFormat.Speex)
            : codec.StartsWith("\x01vorbis"u8) ? new("Vorbis in Ogg", "ogg")
            : codec[1..].StartsWith("FLAC"u8) ? new("FLAC in Ogg", "ogg")
            : new("Ogg without Opus or Speex", "ogg");
    }

    /// <summary>WebM is Matroska of its own document type, which stands in the first element.</summary>
    private static AudioSignature? Ebml(ReadOnlySpan<byte> start, ref bool needsMore)
    {
        if (!start.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
        {
            return null;
        }

        var head = start[..Math.Min(EnoughBytes, start.Length)];
        if (head.IndexOf("webm"u8) >= 0)
        {
            return WebM;
        }

        needsMore |= start.Length < EnoughBytes;
        return needsMore ? null : Matroska;
    }

    /// <summary>An ID3 tag. Its three letters alone may be samples.</summary>
    private static AudioSignature? Tagged(ReadOnlySpan<byte> start) =>
        start.Length >= Id3Bytes && start.StartsWith("ID3"u8) && start[3] is >= 2 and <= 4 && start[4] != 0xFF && !start[6..Id3Bytes].ContainsAnyInRange((byte)0x80, (byte)0xFF)
            ? Id3
            : null;

    /// <summary>A WAV header that doesn't stand at the beginning, as behind a byte order mark or a block of zeros.</summary>
    private static AudioSignature? WaveBehind(ReadOnlySpan<byte> start, ref bool needsMore)
    {
        for (int at = 0, next; (next = start[at..].IndexOf("RIFF"u8)) >= 0; at++)
        {
            at += next;
            if (start.Length < at + RiffBytes)
            {
                needsMore = true;
                return null;
            }

            if (IsForm(start[at..]))
            {
                return Wave with { HeaderAt = at };
            }
        }

        return null;
    }

    private static bool IsForm(ReadOnlySpan<byte> riff) => riff[8..RiffBytes].SequenceEqual("WAVE"u8);

    /// <summary>UTF-8 without control characters: samples are never that for so long.</summary>
    private static bool IsText(ReadOnlySpan<byte> start)
    {
        var text = start[..Math.Min(start.Length, EnoughBytes)];
        if (text.Length < ShortestText || text.ContainsAnyInRange((byte)0x00, (byte)0x08) || text.ContainsAnyInRange((byte)0x0E, (byte)0x1F) || text.Contains((byte)0x7F))
        {
            return false;
        }

        // The last character may be cut off.
        var lead = text.LastIndexOfAnyInRange((byte)0xC0, (byte)0xFF);
        return Utf8.IsValid(lead >= text.Length - 3 ? text[..lead] : text);
    }
}
