using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway.Connections;

/// <summary>How the gateway behaves on one connection, from the handshake on. This is the normal service; a recognizer may have another one.</summary>
internal class ConnectionBehavior(RecognitionEngine engine)
{
    /// <summary>What finds the sentences of this connection's tasks.</summary>
    public RecognitionEngine Engine => engine;

    /// <summary>The answer to the handshake instead of an upgrade; null: the connection is accepted.</summary>
    public virtual HttpRefusal? Refusal => null;

    /// <summary>How often the server pings; null: never, since the service is not known to send any.</summary>
    public virtual TimeSpan? PingEvery => null;

    /// <summary>Whether the start of a task is answered.</summary>
    public virtual bool SendsStarted => true;

    /// <summary>Whether the client isn't listened to any longer, though it is still read.</summary>
    public virtual bool IgnoresClient => false;

    /// <summary>Serves the connection to its end.</summary>
    public virtual async Task ServeAsync(ClientLink link, TimeProvider timeProvider, ITaskProtocol protocol, TaskSlots slots)
    {
        var connection = new TranscriptionConnection(link, timeProvider, this, protocol, slots);
        await using var disposal = connection.ConfigureAwait(false);
        await connection.RunAsync().ConfigureAwait(false);
    }

    /// <summary>Does what is to be done beside the normal service. It ends by itself, or by the token when the connection ends.</summary>
    public virtual Task RunAsync(ClientLink link, ITaskProtocol protocol, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns when the next message may be read.</summary>
    public virtual Task ReadingAllowedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns when a task whose sentences are all sent may be completed; this may be never.</summary>
    public virtual Task CompletionAllowedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A task was started.</summary>
    public virtual void OnStarted(string taskId, TaskParameters parameters)
    {
    }

    /// <summary>A task was given audio.</summary>
    public virtual void OnAudio(int bytes)
    {
    }

    /// <summary>A task was stopped.</summary>
    public virtual void OnStopped()
    {
    }
}
