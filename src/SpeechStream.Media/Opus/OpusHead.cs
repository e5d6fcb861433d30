using System.Buffers.Binary;
using System.Text;

namespace SpeechStream.Media.Opus;

/// <summary>The first packet of an Opus stream, and the private data of an Opus track in WebM (RFC 7845, section 5.1).</summary>
/// <param name="Channels">1 to 255.</param>
/// <param name="PreSkip">Samples at 48 kHz that are decoded and not heard.</param>
/// <param name="Gain">In 1/256 dB.</param>
/// <param name="Streams">Opus streams in each packet.</param>
/// <param name="CoupledStreams">How many of them are stereo.</param>
/// <param name="Mapping">For each channel its place among those of the streams.</param>
internal sealed record OpusHead(int Channels, int PreSkip, int Gain, int Streams, int CoupledStreams, byte[] Mapping)
{
    private const int ShortestBytes = 19;
    private const int MappingAt = 21;

    // Family 3 mixes the channels of the streams with a matrix.
    private const int LastPlainFamily = 2;
    private const int AnyFamily = 255;

    public static bool IsHead(ReadOnlySpan<byte> packet) => packet.StartsWith("OpusHead"u8);

    /// <exception cref="ArgumentException">It is malformed.</exception>
    public static OpusHead Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < ShortestBytes || !IsHead(packet))
        {
            throw Malformed($"its header has {packet.Length} bytes");
        }

        int channels = packet[9], family = packet[18];
        var (preSkip, gain) = (BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]), BinaryPrimitives.ReadInt16LittleEndian(packet[16..]));
        if (family == 0)
        {
            return channels is 1 or 2 ? new(channels, preSkip, gain, 1, channels - 1, channels == 1 ? [0] : [0, 1]) : throw Malformed($"it has {channels} channels");
        }

        if (family is > LastPlainFamily and not AnyFamily || channels == 0 || packet.Length < MappingAt + channels)
        {
            throw Malformed($"it has {channels} channels of mapping family {family}");
        }

        int streams = packet[19], coupled = packet[20];
        var mapping = packet.Slice(MappingAt, channels);
        return streams > 0 && coupled <= streams && streams + coupled <= 255 && !mapping.ContainsAnyInRange((byte)(streams + coupled), (byte)254)
            ? new(channels, preSkip, gain, streams, coupled, mapping.ToArray())
            : throw Malformed("its channels aren't those of its streams");
    }

    /// <summary>Writes the head of a stream with one channel or two.</summary>
    /// <param name="sampleRate">The rate of the audio before it was encoded.</param>
    public byte[] Write(int sampleRate)
    {
        var packet = new byte[ShortestBytes];
        "OpusHead"u8.CopyTo(packet);
        (packet[8], packet[9]) = (1, (byte)Channels);
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(10), (ushort)PreSkip);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(12), sampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(packet.AsSpan(16), (short)Gain);
        return packet;
    }

    /// <summary>The second packet of an Opus stream, without comments (RFC 7845, section 5.2).</summary>
    public static byte[] Tags(string vendor)
    {
        byte[] name = Encoding.UTF8.GetBytes(vendor), packet = new byte[8 + 4 + name.Length + 4];
        "OpusTags"u8.CopyTo(packet);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(8), name.Length);
        name.CopyTo(packet, 12);
        return packet;
    }

    private static ArgumentException Malformed(string problem) => new($"The Opus audio is malformed: {problem}. Check the recording, and what recorded it.");
}
