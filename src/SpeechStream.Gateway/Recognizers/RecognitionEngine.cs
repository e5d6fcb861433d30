using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers.Script;

namespace SpeechStream.Gateway.Recognizers;

/// <summary>A recogniser at work in one gateway.</summary>
internal abstract class RecognitionEngine : IAsyncDisposable
{
    /// <exception cref="TaskFailure">The task can't be served.</exception>
    public abstract RecognitionTask StartTask(StartParameters parameters, TaskEvents events);

    /// <summary>Takes the script of the next connection.</summary>
    public virtual ConnectionScript? NextScript() => null;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
