namespace SpeechStream.Gateway.Recognizers;

/// <summary>The recognition of one task's audio. Its members are called one at a time.</summary>
internal abstract class RecognitionTask : IAsyncDisposable
{
    /// <summary>The silence that ends a sentence, in ms of audio; may change while the task runs.</summary>
    public abstract int MaxSentenceSilence { set; }

    /// <summary>Whether somebody speaks in this audio, as far as can be told at once; sentences count in any case.</summary>
    public virtual bool HearsSpeech(ReadOnlySpan<byte> audio) => audio.ContainsAnyExcept((byte)0);

    /// <summary>Takes audio; the memory is the caller's again when it returns.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken);

    /// <summary>No more audio: returns when the last final was sent.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
