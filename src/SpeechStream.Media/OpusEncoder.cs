using SpeechStream.Media.Opus;

namespace SpeechStream.Media;

/// <summary>Sends audio as Opus in Ogg: about 28 kbit/s instead of 256. The session keeps all its promises, since it still keeps, paces and replays samples.</summary>
/// <remarks>Encoded by Concentus, without native code. It adds up to 20 ms of latency, and the 100 ms that a message has anyway.</remarks>
/// <example>
/// <code>
/// var session = client.CreateSession(new() { Encoder = new OpusEncoder() });
/// </code>
/// </example>
public sealed class OpusEncoder : AudioEncoder
{
    private const int LeastBitrate = 6000;
    private const int MostBitrate = 510_000;
    private const int MostComplexity = 10;

    /// <summary>Bits per second on average; the rate varies with the audio.</summary>
    /// <value>Default 27800, as in the vendor's C++ client. Allowed: 6000 to 510000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Bitrate
    {
        get;
        init => field = value is >= LeastBitrate and <= MostBitrate ? value : throw OutOfRange(nameof(Bitrate), value, LeastBitrate, MostBitrate);
    } = 27_800;

    /// <summary>How much computing time the encoder spends on quality.</summary>
    /// <value>Default 8, as in the vendor's C++ client. Allowed: 0 to 10.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Complexity
    {
        get;
        init => field = value is >= 0 and <= MostComplexity ? value : throw OutOfRange(nameof(Complexity), value, 0, MostComplexity);
    } = 8;

    /// <summary><see cref="AudioFormat.Opus"/>.</summary>
    public override AudioFormat Format => AudioFormat.Opus;

    /// <inheritdoc/>
    public override AudioEncoderStream CreateStream(int sampleRate) => new OggOpusStream(sampleRate, Bitrate, Complexity);

    private static ArgumentOutOfRangeException OutOfRange(string option, int value, int least, int most) => new(option, value, $"Allowed: {least} to {most}.");
}
