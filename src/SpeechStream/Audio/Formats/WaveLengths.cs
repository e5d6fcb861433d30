using System.Buffers.Binary;

namespace SpeechStream.Audio.Formats;

/// <summary>The lengths in a RIFF header. They are unusable when the file was written to a pipe, where the writer can't go back to fill them in.</summary>
/// <param name="Data">The 64-bit length of the audio; 0 without a <c>ds64</c> chunk.</param>
internal readonly record struct WaveLengths(ulong Data)
{
    private const int Ds64Bytes = 16;

    public static WaveLengths Read(ReadOnlySpan<byte> ds64) => ds64.Length < Ds64Bytes
        ? throw WaveHeader.Malformed($"its ds64 chunk has {ds64.Length} bytes, and needs {Ds64Bytes} at least")
        : new(BinaryPrimitives.ReadUInt64LittleEndian(ds64[8..]));

    /// <summary>The length of the audio in bytes; null when the header doesn't tell. 0 is what a recorder that was stopped hard leaves behind.</summary>
    public long? OfData(uint data)
    {
        var length = data == uint.MaxValue && Data != 0 ? Data : data;
        return length == 0 || IsPlaceholder(length) ? null : (long)length;
    }

    // Programs that write to a pipe put the largest length there that fits: just below or at 2 GiB (arecord, sox), or just below 4 GiB (ffmpeg).
    private static bool IsPlaceholder(ulong length) => length is (>= 0x7FFF_0000 and <= 0x8000_0000) or (>= 0xFFFF_0000 and <= uint.MaxValue) or > long.MaxValue;
}
