namespace SpeechStream.Media.Decoding;

/// <summary>Decodes one recording.</summary>
internal abstract class Decoder : IAsyncDisposable
{
    protected const string Followed = "Another recording follows the audio, and isn't heard. Transcribe the recordings one by one.";

    /// <summary>What is known once the first block is decoded.</summary>
    public abstract AudioDescription Description { get; }

    /// <summary>What was wrong with the recording so far, in whole sentences.</summary>
    public abstract IEnumerable<string> Warnings { get; }

    /// <summary>Decodes the recording to its end. It is enumerated once.</summary>
    public abstract IAsyncEnumerable<AudioBlock> DecodeAsync();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected static string CutOff(TimeSpan read, TimeSpan missing) =>
        $"The audio is cut off: {Clock(read)} of it are there, and its header promises {Clock(missing)} more.";

    protected static string Longer(TimeSpan read) => $"The audio is longer than its header says: all {Clock(read)} of it are there.";

    protected static string Damaged(string what, int count) => $"The audio is damaged, and some of it is missing or silent. {what}: {count}.";

    private static string Clock(TimeSpan time) => FormattableString.Invariant($"{(time.TotalHours >= 1 ? $"{(int)time.TotalHours}:" : "")}{time.Minutes:00}:{time.Seconds:00}.{time.Milliseconds / 100}");
}
