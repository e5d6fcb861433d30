namespace PullTheCable;

/// <summary>A microphone that hears the recording: 100 ms of samples every 100 ms, whether somebody can send them or not.</summary>
internal static class LiveAudio
{
    private const int WaveHeaderBytes = 44;
    private const int BytesPerFrame = 3200;

    public static TimeSpan Frame { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The samples of the recording that the examples share; its header has no extra chunks.</summary>
    public static byte[] Load() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"))[WaveHeaderBytes..];

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ListenAsync(byte[] samples)
    {
        using var clock = new PeriodicTimer(Frame);
        for (var offset = 0; offset < samples.Length; offset += BytesPerFrame)
        {
            await clock.WaitForNextTickAsync();
            yield return samples.AsMemory(offset, Math.Min(BytesPerFrame, samples.Length - offset));
        }
    }
}
