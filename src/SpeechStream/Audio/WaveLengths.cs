using System.Buffers.Binary;

namespace SpeechStream.Audio;

/// <summary>The lengths in a RIFF header, which say little when it was written to a pipe and couldn't be completed afterwards.</summary>
/// <param name="Riff">The 64-bit length of the whole, less 8; 0 without a <c>ds64</c> chunk.</param>
/// <param name="Data">The 64-bit length of the audio; 0 without a <c>ds64</c> chunk.</param>
internal readonly record struct WaveLengths(ulong Riff, ulong Data)
{
    private const int Ds64Bytes = 16;

    public static WaveLengths Read(ReadOnlySpan<byte> ds64) => ds64.Length < Ds64Bytes
        ? throw WaveHeader.Malformed($"its ds64 chunk has {ds64.Length} bytes, and needs {Ds64Bytes} at least")
        : new(BinaryPrimitives.ReadUInt64LittleEndian(ds64), BinaryPrimitives.ReadUInt64LittleEndian(ds64[8..]));

    /// <summary>The length of the audio in bytes; null when the header doesn't tell.</summary>
    public long? OfData(uint data, uint riff, int headerBytes)
    {
        var length = data == uint.MaxValue && Data != 0 ? Data : data;
        var whole = riff == uint.MaxValue && Riff != 0 ? Riff : riff;
        var isUnwritten = length == 0 && (whole == 0 || whole == (ulong)headerBytes - 8 || IsPlaceholder(whole));
        return isUnwritten || IsPlaceholder(length) ? null : (long)length;
    }

    // Writers to a pipe promise the most that fits: just below or at 2 GiB (arecord, sox), or just below 4 GiB (ffmpeg).
    private static bool IsPlaceholder(ulong length) => length is (>= 0x7FFF_0000 and <= 0x8000_0000) or (>= 0xFFFF_0000 and <= uint.MaxValue) or > long.MaxValue;
}
