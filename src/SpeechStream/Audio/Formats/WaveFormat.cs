using System.Buffers.Binary;

namespace SpeechStream.Audio.Formats;

/// <summary>Checks the <c>fmt</c> chunk of a RIFF header.</summary>
internal static class WaveFormat
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;
    private const int ShortestBytes = 16;
    private const int ExtensibleBytes = 40;

    // In WAVE_FORMAT_EXTENSIBLE the subformat is the number of the format, followed by these 14 bytes.
    private static ReadOnlySpan<byte> Subformat => [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>The command that makes acceptable audio of any other; the messages of refusals quote it.</summary>
    /// <param name="extension">That of the other's files.</param>
    public static string Conversion(string extension = "wav") => $"ffmpeg -i in.{extension} -ar 16000 -ac 1 -c:a pcm_s16le out.wav";

    /// <summary>Returns the sample rate, if the service takes such audio: 16-bit mono PCM at 8 or 16 kHz (PROTOCOL 4).</summary>
    /// <exception cref="ArgumentException">The service doesn't take such audio.</exception>
    public static int Check(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < ShortestBytes)
        {
            throw WaveHeader.Malformed($"its format has {chunk.Length} bytes, and needs {ShortestBytes}");
        }

        var format = FormatOf(chunk);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var sampleRate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        return format switch
        {
            Float => throw Refused("floating-point samples"),
            not Pcm => throw Refused($"compressed audio (format 0x{format:X4})"),
            _ when channels != 1 => throw Refused($"{channels} channels"),
            _ when bits != 16 => throw Refused($"{bits}-bit samples"),
            _ when blockAlign != AudioRate.BytesPerSample => throw Refused($"samples of {blockAlign} bytes in place of {AudioRate.BytesPerSample}"),
            _ when sampleRate is not (8000 or 16000) => throw Refused($"{sampleRate} samples per second"),
            _ => (int)sampleRate,
        };
    }

    private static int FormatOf(ReadOnlySpan<byte> chunk)
    {
        var format = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        return format == Extensible && chunk.Length >= ExtensibleBytes && chunk[26..ExtensibleBytes].SequenceEqual(Subformat)
            ? BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..])
            : format;
    }

    private static ArgumentException Refused(string what) =>
        new($"The WAV audio has {what}; the service takes one channel of 16-bit PCM with 8000 or 16000 samples per second. Convert it: {Conversion()}");
}
