namespace SpeechStream.Audio.Formats;

/// <summary>MP3 and AAC without a container, and MPEG transport streams. Their sync is an ordinary sample, so it takes two frames in a row, whose lengths agree.</summary>
internal static class MpegFrames
{
    private const int HeaderBytes = 7;
    private const int Mpeg1 = 3;
    private const int Reserved = 1;
    private const int Layer3 = 1;
    private const int Layer2 = 2;

    // ISO/IEC 13818-1: each packet of a transport stream begins with the same byte.
    private const byte TransportSync = 0x47;
    private const int TransportPacketBytes = 188;

    // Camcorders (AVCHD) and Blu-ray write a time of 4 bytes before each packet.
    private const int TransportTimeBytes = 4;

    private static readonly AudioSignature Transport = new("MPEG-TS", "ts");
    private static readonly AudioSignature Mp3 = new("MP3", "mp3", AudioFormat.Mp3);
    private static readonly AudioSignature Mp2 = new("MP2", "mp2");
    private static readonly AudioSignature Aac = new("AAC", "aac", AudioFormat.Aac);

    // Kilobits per second, by the index in the header less one.
    private static ReadOnlySpan<int> BitRates1Layer3 => [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    private static ReadOnlySpan<int> BitRates1Layer2 => [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];

    private static ReadOnlySpan<int> BitRates2 => [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    private static ReadOnlySpan<int> SampleRates => [44100, 48000, 32000];

    public static AudioSignature? Recognize(ReadOnlySpan<byte> start, ref bool needsMore)
    {
        if (!start.IsEmpty && start[0] == TransportSync)
        {
            return RecognizeTransport(start, TransportPacketBytes, ref needsMore);
        }

        if (start.IsEmpty || start[0] != 0xFF)
        {
            return start.Length > TransportTimeBytes && start[TransportTimeBytes] == TransportSync
                ? RecognizeTransport(start[TransportTimeBytes..], TransportTimeBytes + TransportPacketBytes, ref needsMore)
                : null;
        }

        if (start.Length < HeaderBytes)
        {
            needsMore = true;
            return null;
        }

        var isAdts = (start[1] & 0xF6) == 0xF0;
        var length = isAdts ? AdtsLength(start) : MpegLength(start);
        if (length < HeaderBytes)
        {
            return null;
        }

        if (start.Length < length + HeaderBytes)
        {
            needsMore = true;
            return null;
        }

        // Version, layer and sample rate are the same in all frames.
        var next = start[length..];
        var sameRate = isAdts ? 0x3C : 0x0C;
        var isFrame = next[0] == 0xFF && next[1] == start[1] && ((next[2] ^ start[2]) & sameRate) == 0 && (isAdts ? AdtsLength(next) : MpegLength(next)) >= HeaderBytes;
        return !isFrame ? null : isAdts ? Aac : LayerOf(start) == Layer3 ? Mp3 : Mp2;
    }

    private static AudioSignature? RecognizeTransport(ReadOnlySpan<byte> start, int distance, ref bool needsMore)
    {
        for (var at = distance; at <= 2 * distance; at += distance)
        {
            if (start.Length <= at)
            {
                needsMore = true;
                return null;
            }

            if (start[at] != TransportSync)
            {
                return null;
            }
        }

        return Transport;
    }

    private static int AdtsLength(ReadOnlySpan<byte> frame) => ((frame[3] & 3) << 11) | (frame[4] << 3) | (frame[5] >> 5);

    /// <summary>0 for what is no frame.</summary>
    private static int MpegLength(ReadOnlySpan<byte> frame)
    {
        var (version, layer) = ((frame[1] >> 3) & 3, LayerOf(frame));
        var (bitRate, sampleRate) = (frame[2] >> 4, (frame[2] >> 2) & 3);
        if (frame[1] < 0xE0 || version == Reserved || layer is not (Layer2 or Layer3) || bitRate is 0 or 15 || sampleRate == 3)
        {
            return 0;
        }

        var kilobits = (version == Mpeg1 ? layer == Layer3 ? BitRates1Layer3 : BitRates1Layer2 : BitRates2)[bitRate - 1];
        var rate = SampleRates[sampleRate] >> (version == Mpeg1 ? 0 : version == 2 ? 1 : 2);
        var bytesPerFrame = version != Mpeg1 && layer == Layer3 ? 72 : 144;
        return (bytesPerFrame * kilobits * 1000 / rate) + ((frame[2] >> 1) & 1);
    }

    private static int LayerOf(ReadOnlySpan<byte> frame) => (frame[1] >> 1) & 3;
}
