using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers;

/// <summary>A recognizer at work in one gateway.</summary>
internal abstract class RecognitionEngine : IAsyncDisposable
{
    /// <exception cref="TaskFailure">The task can't be served.</exception>
    public abstract RecognitionTask StartTask(TaskParameters parameters, TaskEvents events);

    /// <summary>How the gateway behaves on the next connection.</summary>
    /// <param name="service">What the client speaks.</param>
    public virtual ConnectionBehavior NextConnection(SpeechService service) => new(this);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
