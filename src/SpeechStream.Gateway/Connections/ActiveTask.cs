using SpeechStream.Gateway.Audio;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers;

namespace SpeechStream.Gateway.Connections;

/// <summary>One task of a connection, from its start to its completion.</summary>
internal sealed class ActiveTask(string id, TaskParameters parameters, RecognitionTask recognition, TaskSlots slots) : IAsyncDisposable
{
    private readonly WaveHeaderStripper? _waveHeader = parameters.Format == "wav" ? new WaveHeaderStripper() : null;
    private int _finished;

    public string Id { get; } = id;

    public RecognitionTask Recognition { get; } = recognition;

    /// <summary>Whether the client said that no more audio comes.</summary>
    public bool Stopping { get; private set; }

    /// <summary>Whether the task is over and another one may start.</summary>
    public bool Finished => Volatile.Read(ref _finished) != 0;

    /// <summary>The state's name in failures, as the service spells them.</summary>
    public string State => Finished ? "CONNECTED" : Stopping ? "STOPPING" : "STARTED";

    /// <exception cref="TaskFailure">The audio doesn't begin as its format demands.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        var samples = _waveHeader?.Strip(audio) ?? audio;
        return samples.IsEmpty ? ValueTask.CompletedTask : Recognition.WriteAsync(samples, cancellationToken);
    }

    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        Stopping = true;
        return Recognition.CompleteAsync(cancellationToken);
    }

    /// <summary>Frees the place. It is called before the client is told, so that its next start finds the place free.</summary>
    public void Finish()
    {
        if (Interlocked.Exchange(ref _finished, 1) == 0)
        {
            slots.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        Finish();
        return Recognition.DisposeAsync();
    }
}
