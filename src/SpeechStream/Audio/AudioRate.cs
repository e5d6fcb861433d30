namespace SpeechStream.Audio;

/// <summary>Bytes and time of 16-bit mono PCM.</summary>
/// <param name="SampleRate">Samples per second.</param>
internal readonly record struct AudioRate(int SampleRate)
{
    public const int BytesPerSample = 2;

    public int BytesPerSecond => SampleRate * BytesPerSample;

    /// <summary>Exact for every whole sample at 8 and 16 kHz; no intermediate value overflows within a million years.</summary>
    public TimeSpan ToTime(long bytes) => new(bytes / BytesPerSecond * TimeSpan.TicksPerSecond + bytes % BytesPerSecond * TimeSpan.TicksPerSecond / BytesPerSecond);

    /// <summary>Rounded down to a whole sample.</summary>
    public long ToBytes(TimeSpan time) =>
        (time.Ticks / TimeSpan.TicksPerSecond * SampleRate + time.Ticks % TimeSpan.TicksPerSecond * SampleRate / TimeSpan.TicksPerSecond) * BytesPerSample;
}
