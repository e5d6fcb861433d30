using SpeechStream.Gateway.Audio;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Recognizers;

namespace SpeechStream.Gateway.Connections;

/// <summary>One task of a connection, from its start to its completion.</summary>
internal sealed class ActiveTask(string id, TaskParameters parameters, RecognitionTask recognition, TaskAudio audio, TaskSlots slots) : IAsyncDisposable
{
    private readonly WaveHeaderStripper? _waveHeader = parameters.Format == "wav" ? new WaveHeaderStripper() : null;
    private readonly OggOpusDecoder? _opus = parameters.Format == "opus" ? new OggOpusDecoder(parameters.SampleRate) : null;
    private int _finished;

    public string Id { get; } = id;

    public RecognitionTask Recognition { get; } = recognition;

    /// <summary>The length of its audio until now.</summary>
    public TimeSpan Heard => audio.Duration;

    /// <summary>Whether the client said that no more audio comes.</summary>
    public bool Stopping { get; private set; }

    /// <summary>Whether the task is over and another one may start.</summary>
    public bool Finished => Volatile.Read(ref _finished) != 0;

    /// <summary>The state's name in failures, as NLS spells them.</summary>
    public string State => Finished ? "CONNECTED" : Stopping ? "STOPPING" : "STARTED";

    /// <summary>Takes audio, and tells whether a heartbeat is due.</summary>
    /// <exception cref="TaskFailure">The audio doesn't begin as its format demands.</exception>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var samples = _waveHeader?.Strip(message) ?? _opus?.Decode(message) ?? message;
        if (samples.IsEmpty)
        {
            return false;
        }

        var isHeartbeatDue = audio.Add(samples.Length, isSpeech: Recognition.HearsSpeech(samples.Span));
        await Recognition.WriteAsync(samples, cancellationToken).ConfigureAwait(false);
        return isHeartbeatDue;
    }

    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        Stopping = true;
        audio.Dispose();
        return Recognition.CompleteAsync(cancellationToken);
    }

    /// <summary>Frees the place. It is called before the client is told, so that its next start finds the place free.</summary>
    public void Finish()
    {
        if (Interlocked.Exchange(ref _finished, 1) == 0)
        {
            audio.Dispose();
            slots.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        Finish();
        _opus?.Dispose();
        return Recognition.DisposeAsync();
    }
}
