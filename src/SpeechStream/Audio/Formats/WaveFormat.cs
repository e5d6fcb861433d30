using System.Buffers.Binary;

namespace SpeechStream.Audio.Formats;

/// <summary>What the <c>fmt</c> chunk of a RIFF header says about the samples.</summary>
/// <param name="Encoding">The number of the encoding; that of the subformat in <c>WAVE_FORMAT_EXTENSIBLE</c>.</param>
/// <param name="Channels">Samples of the same time.</param>
/// <param name="SampleRate">Samples per second and channel.</param>
/// <param name="BlockAlign">Bytes of all channels' samples of the same time.</param>
/// <param name="Bits">Bits per sample.</param>
internal readonly record struct WaveFormat(int Encoding, int Channels, int SampleRate, int BlockAlign, int Bits)
{
    public const int Pcm = 1;
    public const int Float = 3;
    public const int ALaw = 6;
    public const int MuLaw = 7;

    private const int MostChannels = 64;
    private const int HighestRate = 768_000;

    // Lower ones are damage, and a few bytes would be resampled to gigabytes.
    private const int LowestRate = 1000;
    private const int Extensible = 0xFFFE;
    private const int ShortestBytes = 16;
    private const int ExtensibleBytes = 40;

    // In WAVE_FORMAT_EXTENSIBLE the subformat is the number of the format, followed by these 14 bytes.
    private static ReadOnlySpan<byte> Subformat => [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>The command that makes acceptable audio of any other; the messages of refusals quote it.</summary>
    /// <param name="extension">That of the other's files.</param>
    public static string Conversion(string extension = "wav") => $"ffmpeg -i in.{extension} -ar 16000 -ac 1 -c:a pcm_s16le out.wav";

    /// <summary>Whether each block has a sample of so many bytes for each channel. Other encodings pack their samples in ways of their own.</summary>
    public bool IsUncompressed => Encoding is Pcm or Float or ALaw or MuLaw;

    /// <exception cref="ArgumentException">The chunk is too short.</exception>
    public static WaveFormat Read(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < ShortestBytes)
        {
            throw WaveHeader.Malformed($"its format has {chunk.Length} bytes, and needs {ShortestBytes}");
        }

        return new(
            EncodingOf(chunk),
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]),
            BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]));
    }

    /// <summary>Whether the service takes such audio: 16-bit mono PCM at 8 or 16 kHz (PROTOCOL 4).</summary>
    /// <exception cref="ArgumentException">The service doesn't take such audio.</exception>
    public void CheckForService()
    {
        var refused = this switch
        {
            { Encoding: Float } => "floating-point samples",
            { Encoding: not Pcm } => $"compressed audio (format 0x{Encoding:X4})",
            { Channels: not 1 } => $"{Channels} channels",
            { Bits: not 16 } => $"{Bits}-bit samples",
            { BlockAlign: not AudioRate.BytesPerSample } => $"samples of {BlockAlign} bytes in place of {AudioRate.BytesPerSample}",
            { SampleRate: not (8000 or 16000) } => $"{(uint)SampleRate} samples per second",
            _ => null,
        };
        if (refused is not null)
        {
            throw new ArgumentException($"The WAV audio has {refused}; the service takes one channel of 16-bit PCM with 8000 or 16000 samples per second. Convert it: {Conversion()}");
        }
    }

    /// <summary>Whether uncompressed samples can be read as the header says.</summary>
    /// <exception cref="ArgumentException">The header contradicts itself.</exception>
    public void CheckSamples()
    {
        var isKnown = (Encoding, Bits) is (Pcm, >= 1 and <= 32) or (Float, 32 or 64) or (ALaw or MuLaw, 8);
        var width = (Bits + 7) / 8;
        var contradiction = this switch
        {
            _ when !isKnown => $"its samples have {Bits} bits",
            { Channels: < 1 or > MostChannels } => $"it has {Channels} channels",
            { SampleRate: < LowestRate or > HighestRate } => $"it has {(uint)SampleRate} samples per second",
            _ when BlockAlign != width * Channels => $"its samples have {BlockAlign} bytes in place of {width * Channels}",
            _ => null,
        };
        if (contradiction is not null)
        {
            throw WaveHeader.Malformed(contradiction);
        }
    }

    private static int EncodingOf(ReadOnlySpan<byte> chunk)
    {
        var format = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        return format == Extensible && chunk.Length >= ExtensibleBytes && chunk[26..ExtensibleBytes].SequenceEqual(Subformat)
            ? BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..])
            : format;
    }
}
