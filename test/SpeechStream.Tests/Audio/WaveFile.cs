using System.Buffers.Binary;
using System.Text;

namespace SpeechStream.Tests.Audio;

/// <summary>Puts RIFF headers together.</summary>
internal static class WaveFile
{
    public static byte[] Riff(uint size, params byte[][] chunks) => [.. "RIFF"u8, .. UInt32(size), .. "WAVE"u8, .. chunks.SelectMany(chunk => chunk)];

    public static byte[] Rf64(params byte[][] chunks) => [.. "RF64"u8, .. UInt32(uint.MaxValue), .. "WAVE"u8, .. chunks.SelectMany(chunk => chunk)];

    /// <summary>A chunk that says it is <paramref name="size"/> long, with its padding.</summary>
    public static byte[] Chunk(string id, byte[] content, uint? size = null) =>
        [.. Encoding.ASCII.GetBytes(id), .. UInt32(size ?? (uint)content.Length), .. content, .. new byte[content.Length % 2]];

    public static byte[] Format(ushort format = 1, ushort channels = 1, uint sampleRate = 16000, ushort bits = 16, ushort? blockAlign = null, params byte[] extension) => Chunk(
        "fmt ",
        [
            .. UInt16(format), .. UInt16(channels), .. UInt32(sampleRate), .. UInt32(sampleRate * channels * bits / 8),
            .. UInt16(blockAlign ?? (ushort)(channels * bits / 8)), .. UInt16(bits), .. extension,
        ]);

    /// <summary>WAVE_FORMAT_EXTENSIBLE around another format.</summary>
    public static byte[] Extensible(ushort subformat, string rest = "000000001000800000AA00389B71", ushort bits = 16) =>
        Format(0xFFFE, bits: bits, extension: [.. UInt16(22), .. UInt16(bits), .. UInt32(4), .. UInt16(subformat), .. Convert.FromHexString(rest)]);

    public static byte[] Data(uint size) => [.. "data"u8, .. UInt32(size)];

    public static byte[] UInt64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] UInt32(uint value) => UInt64(value)[..4];

    private static byte[] UInt16(ushort value) => UInt64(value)[..2];
}
