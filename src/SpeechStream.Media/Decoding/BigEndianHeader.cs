using System.Buffers.Binary;
using SpeechStream.Audio.Formats;

namespace SpeechStream.Media.Decoding;

/// <summary>The header of AIFF, AIFF-C, or RIFX, whose chunks are those of WAV with the highest byte first.</summary>
/// <param name="Container">The name of the file format.</param>
/// <param name="Format">What the samples are, in the terms of WAV.</param>
/// <param name="IsBigEndian">Whether the highest byte of a sample comes first.</param>
/// <param name="IsSigned8">Whether samples of 8 bits have a sign.</param>
/// <param name="HeaderBytes">Offset of the first sample.</param>
/// <param name="DataBytes">Length of the audio; null when the writer didn't know it.</param>
internal sealed record BigEndianHeader(string Container, WaveFormat Format, bool IsBigEndian, bool IsSigned8, int HeaderBytes, long? DataBytes)
{
    private const int FormBytes = 12;
    private const int ChunkBytes = 8;
    private const int RifxFormatBytes = 16;
    private const int CommonBytes = 18;
    private const int OffsetBytes = 8;
    private const int MaxHeaderBytes = 1024 * 1024;

    // In place of a length that a writer to a pipe doesn't know, as in WAV.
    private const uint LongestData = 0x7FFF_0000;

    // Apple's "Audio Interchange File Format AIFF-C": the encoding of the samples, by its four letters.
    private static readonly Dictionary<string, (int Encoding, int? Bits, bool IsBigEndian, bool IsSigned8)> Compressions = new()
    {
        ["NONE"] = (WaveFormat.Pcm, null, true, true),
        ["twos"] = (WaveFormat.Pcm, null, true, true),
        ["sowt"] = (WaveFormat.Pcm, null, false, true),
        ["raw "] = (WaveFormat.Pcm, null, true, false),
        ["in24"] = (WaveFormat.Pcm, 24, true, true),
        ["in32"] = (WaveFormat.Pcm, 32, true, true),
        ["fl32"] = (WaveFormat.Float, 32, true, true),
        ["FL32"] = (WaveFormat.Float, 32, true, true),
        ["fl64"] = (WaveFormat.Float, 64, true, true),
        ["FL64"] = (WaveFormat.Float, 64, true, true),
        ["alaw"] = (WaveFormat.ALaw, 8, true, true),
        ["ALAW"] = (WaveFormat.ALaw, 8, true, true),
        ["ulaw"] = (WaveFormat.MuLaw, 8, true, true),
        ["ULAW"] = (WaveFormat.MuLaw, 8, true, true),
    };

    /// <summary>Reads the header from all bytes so far.</summary>
    /// <param name="prefix">The bytes.</param>
    /// <param name="header">The header; null when the samples are compressed, or come before what describes them.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="ArgumentException">The header contradicts itself.</exception>
    public static bool TryRead(ReadOnlySpan<byte> prefix, out BigEndianHeader? header)
    {
        header = null;
        for (long at = FormBytes; at + ChunkBytes <= prefix.Length;)
        {
            var chunk = prefix[(int)at..];
            var id = chunk[..4];
            var size = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
            var content = chunk[ChunkBytes..];
            if (id.SequenceEqual("data"u8) || id.SequenceEqual("SSND"u8))
            {
                return TryReadSamples(id, size, content, (int)at + ChunkBytes, ref header);
            }

            at += ChunkBytes + (long)size + (size & 1);
            if (at > MaxHeaderBytes)
            {
                header = null;
                return true;
            }

            if (at > prefix.Length)
            {
                return false;
            }

            if (id.SequenceEqual("fmt "u8) && size >= RifxFormatBytes)
            {
                header = Rifx(content);
            }
            else if (id.SequenceEqual("COMM"u8) && size >= CommonBytes)
            {
                header = Aiff(content[..(int)size], isCompressed: prefix[8..FormBytes].SequenceEqual("AIFC"u8));
            }
        }

        return false;
    }

    private static bool TryReadSamples(ReadOnlySpan<byte> id, uint size, ReadOnlySpan<byte> content, int at, ref BigEndianHeader? header)
    {
        if (header is { Format.IsUncompressed: false })
        {
            header = null;
        }

        header?.Format.CheckSamples();
        var offset = 0;
        if (id.SequenceEqual("SSND"u8))
        {
            if (content.Length < OffsetBytes)
            {
                return false;
            }

            // Alignment for tape machines: almost always 0.
            offset = OffsetBytes + (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(content), MaxHeaderBytes);
        }

        header = header is null ? null : header with { HeaderBytes = at + offset, DataBytes = size == 0 || size >= LongestData ? null : Math.Max(0, size - offset) };
        return true;
    }

    private static BigEndianHeader Rifx(ReadOnlySpan<byte> chunk) => new(
        "RIFX",
        new WaveFormat(
            BinaryPrimitives.ReadUInt16BigEndian(chunk),
            BinaryPrimitives.ReadUInt16BigEndian(chunk[2..]),
            BinaryPrimitives.ReadInt32BigEndian(chunk[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(chunk[12..]),
            BinaryPrimitives.ReadUInt16BigEndian(chunk[14..])),
        IsBigEndian: true,
        IsSigned8: false,
        HeaderBytes: 0,
        DataBytes: null);

    private static BigEndianHeader? Aiff(ReadOnlySpan<byte> chunk, bool isCompressed)
    {
        var name = isCompressed && chunk.Length >= CommonBytes + 4 ? System.Text.Encoding.Latin1.GetString(chunk.Slice(CommonBytes, 4)) : "NONE";
        if (!Compressions.TryGetValue(name, out var compression))
        {
            return null;
        }

        var (channels, bits) = ((int)BinaryPrimitives.ReadUInt16BigEndian(chunk), compression.Bits ?? BinaryPrimitives.ReadUInt16BigEndian(chunk[6..]));
        return new(
            isCompressed ? "AIFF-C" : "AIFF",
            new WaveFormat(compression.Encoding, channels, SampleRateOf(chunk[8..]), channels * ((bits + 7) / 8), bits),
            compression.IsBigEndian,
            compression.IsSigned8,
            HeaderBytes: 0,
            DataBytes: null);
    }

    /// <summary>An extended float of 80 bits: sign and exponent, then 64 bits of mantissa.</summary>
    private static int SampleRateOf(ReadOnlySpan<byte> extended)
    {
        var exponent = BinaryPrimitives.ReadUInt16BigEndian(extended) - 16383 - 63;
        var rate = Math.Round(Math.ScaleB(BinaryPrimitives.ReadUInt64BigEndian(extended[2..]), exponent));
        return rate is > 0 and < int.MaxValue ? (int)rate : 0;
    }
}
