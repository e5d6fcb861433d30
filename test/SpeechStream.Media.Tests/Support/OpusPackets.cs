using Concentus;
using Concentus.Enums;

namespace SpeechStream.Media.Tests.Support;

/// <summary>Encodes sound as Opus in packets of 20 ms.</summary>
/// <param name="Channels">Of the sound.</param>
/// <param name="PreSkip">Samples that the encoder adds at the beginning.</param>
/// <param name="Duration">Samples per channel that were encoded.</param>
/// <param name="List">The packets.</param>
internal sealed record OpusPackets(int Channels, int PreSkip, int Duration, List<byte[]> List)
{
    public const int Rate = 48000;
    public const int Frame = Rate / 50;

    /// <param name="samples">At 48 kHz, those of all channels side by side.</param>
    /// <param name="channels">How many.</param>
    /// <param name="mode">As which kind of packets it is encoded: automatic, or always the same.</param>
    public static OpusPackets Of(float[] samples, int channels = 1, OpusMode mode = OpusMode.MODE_AUTO)
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = false;
        using var encoder = OpusCodecFactory.CreateEncoder(Rate, channels, OpusApplication.OPUS_APPLICATION_AUDIO);
        encoder.Bitrate = 96_000;
        encoder.ForceMode = mode;
        var (duration, packet) = (samples.Length / channels, new byte[4000]);
        var packets = new List<byte[]>();
        for (var at = 0; at < duration + encoder.Lookahead; at += Frame)
        {
            var piece = new float[Frame * channels];
            var from = Math.Min(at * channels, samples.Length);
            samples.AsSpan(from, Math.Min(piece.Length, samples.Length - from)).CopyTo(piece);
            packets.Add(packet[..encoder.Encode(piece, Frame, packet, packet.Length)]);
        }

        return new(channels, encoder.Lookahead, duration, packets);
    }

    public byte[] Head => [.. "OpusHead"u8, 1, (byte)Channels, .. BitConverter.GetBytes((ushort)PreSkip), .. BitConverter.GetBytes(Rate), 0, 0, 0];
}
