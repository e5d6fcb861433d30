using System.Buffers.Binary;
using System.Text;
using NAudio.Codecs;

namespace SpeechStream.Media.Tests.Support;

/// <summary>Puts recordings of uncompressed samples together.</summary>
internal static class Waves
{
    public const int Pcm = 1;
    public const int Float = 3;
    public const int ALaw = 6;
    public const int MuLaw = 7;

    public static byte[] Wave(float[] samples, int sampleRate, int channels = 1, int bits = 16, int encoding = Pcm) =>
        Riff([.. Format(sampleRate, channels, bits, encoding), .. Chunk("data", Bytes(samples, bits, encoding))]);

    public static byte[] Extensible(float[] samples, int sampleRate, int channels, int bits, int encoding)
    {
        byte[] format = [.. Format(sampleRate, channels, bits, 0xFFFE)[8..], .. UInt16(22), .. UInt16(bits), .. UInt32(0), .. UInt16(encoding), .. Convert.FromHexString("000000001000800000AA00389B71")];
        return Riff([.. Chunk("fmt ", format), .. Chunk("data", Bytes(samples, bits, encoding))]);
    }

    public static byte[] Rf64(float[] samples, int sampleRate, string name)
    {
        var data = Bytes(samples, 16, Pcm);
        var sizes = Chunk("ds64", [.. new byte[8], .. BitConverter.GetBytes((long)data.Length), .. new byte[12]]);
        return [.. Encoding.ASCII.GetBytes(name), .. UInt32(uint.MaxValue), .. "WAVE"u8, .. sizes, .. Format(sampleRate, 1, 16, Pcm), .. "data"u8, .. UInt32(uint.MaxValue), .. data];
    }

    public static byte[] Rifx(float[] samples, int sampleRate, int channels = 1, int bits = 16, int encoding = Pcm)
    {
        byte[] format =
        [
            .. Big16(encoding), .. Big16(channels), .. Big32((uint)sampleRate), .. Big32((uint)(sampleRate * channels * bits / 8)), .. Big16(channels * bits / 8), .. Big16(bits),
        ];
        byte[] body = [.. BigChunk("fmt ", format), .. BigChunk("data", Swapped(Bytes(samples, bits, encoding), bits / 8))];
        return [.. "RIFX"u8, .. Big32((uint)body.Length + 4), .. "WAVE"u8, .. body];
    }

    /// <param name="samples">Of all channels.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="channels">How many.</param>
    /// <param name="bits">Bits per sample.</param>
    /// <param name="compression">The four letters of AIFF-C; null for AIFF.</param>
    public static byte[] Aiff(float[] samples, int sampleRate, int channels = 1, int bits = 16, string? compression = null)
    {
        var encoding = compression switch { "fl32" or "fl64" => Float, "alaw" => ALaw, "ulaw" => MuLaw, _ => Pcm };
        var bytes = Bytes(samples, bits, encoding);
        bytes = bits == 8 && encoding == Pcm && compression != "raw " ? [.. bytes.Select(item => (byte)(item ^ 0x80))] : bytes;
        bytes = compression == "sowt" ? bytes : Swapped(bytes, bits / 8);
        byte[] common = [.. Big16(channels), .. Big32((uint)(samples.Length / channels)), .. Big16(bits), .. Extended(sampleRate), .. compression is null ? [] : Encoding.ASCII.GetBytes(compression + "\0\0")];
        byte[] body = [.. BigChunk("COMM", common), .. BigChunk("SSND", [.. new byte[8], .. bytes])];
        return [.. "FORM"u8, .. Big32((uint)body.Length + 4), .. Encoding.ASCII.GetBytes(compression is null ? "AIFF" : "AIFC"), .. body];
    }

    public static byte[] Riff(byte[] body) => [.. "RIFF"u8, .. UInt32((uint)body.Length + 4), .. "WAVE"u8, .. body];

    public static byte[] Format(int sampleRate, int channels, int bits, int encoding) => Chunk(
        "fmt ",
        [
            .. UInt16(encoding), .. UInt16(channels), .. UInt32((uint)sampleRate), .. UInt32((uint)(sampleRate * channels * bits / 8)), .. UInt16(channels * bits / 8), .. UInt16(bits),
        ]);

    public static byte[] Chunk(string id, byte[] content, uint? size = null) =>
        [.. Encoding.ASCII.GetBytes(id), .. UInt32(size ?? (uint)content.Length), .. content, .. new byte[content.Length % 2]];

    public static byte[] Bytes(float[] samples, int bits, int encoding) => [.. samples.SelectMany(sample => (encoding, bits) switch
    {
        (Float, 32) => BitConverter.GetBytes(sample),
        (Float, 64) => BitConverter.GetBytes((double)sample),
        (ALaw, _) => [ALawEncoder.LinearToALawSample(To16(sample))],
        (MuLaw, _) => [MuLawEncoder.LinearToMuLawSample(To16(sample))],
        (_, 8) => [(byte)(Math.Round(sample * 127) + 128)],
        _ => BitConverter.GetBytes((long)Math.Round(sample * (Math.Pow(2, bits - 1) - 1)))[..(bits / 8)],
    })];

    public static short To16(float sample) => (short)Math.Clamp(MathF.Round(sample * 32768), short.MinValue, short.MaxValue);

    private static byte[] Swapped(byte[] bytes, int width) => [.. bytes.Chunk(width).SelectMany(sample => sample.Reverse())];

    private static byte[] BigChunk(string id, byte[] content) => [.. Encoding.ASCII.GetBytes(id), .. Big32((uint)content.Length), .. content, .. new byte[content.Length % 2]];

    private static byte[] Extended(int value)
    {
        var bytes = new byte[10];
        var exponent = 31 - System.Numerics.BitOperations.LeadingZeroCount((uint)value);
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(16383 + exponent));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), (ulong)value << (63 - exponent));
        return bytes;
    }

    private static byte[] UInt16(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] UInt32(uint value) => BitConverter.GetBytes(value);

    private static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Big32(uint value) => [.. BitConverter.GetBytes(value).Reverse()];
}
