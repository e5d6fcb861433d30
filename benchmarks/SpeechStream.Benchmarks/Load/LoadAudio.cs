namespace SpeechStream.Benchmarks.Load;

/// <summary>The audio that every client sends: noise, so that nothing takes it for silence, in frames of 100 ms at 16 kHz.</summary>
internal static class LoadAudio
{
    /// <summary>Bytes of one frame.</summary>
    public const int FrameBytes = 3200;

    /// <summary>Frames in a second of audio.</summary>
    public const int FramesPerSecond = 10;

    /// <summary>How long a frame lasts.</summary>
    public static TimeSpan FrameDuration { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A frame. Each session of a load gets a copy, as a session has its own audio: a shared array would stay in the cache.</summary>
    public static ReadOnlyMemory<byte> Frame { get; } = Noise(FrameBytes);

    /// <summary>Samples that are the same in every run.</summary>
    public static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
