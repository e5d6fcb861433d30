namespace SpeechStream.Audio;

/// <summary>Converts between bytes and time of 16-bit mono PCM (PROTOCOL 4).</summary>
/// <param name="SampleRate">Samples per second.</param>
internal readonly record struct AudioRate(int SampleRate)
{
    public const int BytesPerSample = 2;

    public int BytesPerSecond => SampleRate * BytesPerSample;

    /// <summary>The duration of so many bytes. It is exact for whole samples at 8 and 16 kHz, and the computation doesn't overflow for a million years of audio.</summary>
    public TimeSpan ToTime(long bytes) => new(bytes / BytesPerSecond * TimeSpan.TicksPerSecond + bytes % BytesPerSecond * TimeSpan.TicksPerSecond / BytesPerSecond);

    /// <summary>The number of bytes that last so long, rounded down to a whole sample.</summary>
    public long ToBytes(TimeSpan time) =>
        (time.Ticks / TimeSpan.TicksPerSecond * SampleRate + time.Ticks % TimeSpan.TicksPerSecond * SampleRate / TimeSpan.TicksPerSecond) * BytesPerSample;
}
