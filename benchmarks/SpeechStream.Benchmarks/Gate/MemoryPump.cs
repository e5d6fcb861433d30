using SpeechStream.Benchmarks.Load;
using SpeechStream.Transport;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>A whole session on a connection in memory: everything between the caller and the socket, and nothing else.</summary>
internal sealed class MemoryPump : IAsyncDisposable
{
    private readonly SpeechStreamClient _client;
    private readonly TranscriptionSession _session;
    private readonly MemoryConnection _connection;
    private readonly Task _reading;
    private List<TranscriptionEvent>? _kept;
    private int _read;

    private MemoryPump(SpeechStreamClient client, TranscriptionSession session, MemoryConnection connection)
    {
        (_client, _session, _connection) = (client, session, connection);
        _reading = ReadAsync();
    }

    public static async Task<MemoryPump> StartAsync(bool sendsLater, double sendRate = double.PositiveInfinity, TimeProvider? time = null)
    {
        var connection = new MemoryConnection(sendsLater);
        var options = new SpeechStreamClientOptions { AppKey = "app-key", Credential = SpeechCredential.FromToken("the-token"), TimeProvider = time ?? TimeProvider.System };
        var client = new SpeechStreamClient(options, null, (_, _) => Task.FromResult<IConnection>(connection));
        var session = await client.StartSessionAsync(new() { SendRate = sendRate });
        return new(client, session, connection);
    }

    /// <summary>Writes frames, and returns when all are on the connection.</summary>
    public async Task SendAsync(int frames)
    {
        var goal = _connection.AudioBytes + ((long)frames * LoadAudio.FrameBytes);
        for (var frame = 0; frame < frames; frame++)
        {
            await _session.Audio.WriteAsync(LoadAudio.Frame);
        }

        var wait = default(SpinWait);
        while (_connection.AudioBytes < goal)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Hands a message to the receiver, and returns when the consumer has read its event.</summary>
    public void Push(ReadOnlySpan<byte> message)
    {
        var goal = Volatile.Read(ref _read) + 1;
        _connection.Push(message);
        var wait = default(SpinWait);
        while (Volatile.Read(ref _read) < goal)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    public string TaskId => _connection.TaskId;

    /// <summary>Milliseconds of audio sent so far.</summary>
    public long Position => _connection.AudioBytes / 32;

    /// <summary>Keeps the events from now on in a list that has room for them; null to drop them.</summary>
    public void Keep(List<TranscriptionEvent>? events) => Volatile.Write(ref _kept, events);

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _client.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        await foreach (var transcriptionEvent in _session.Events)
        {
            Volatile.Read(ref _kept)?.Add(transcriptionEvent);
            Volatile.Write(ref _read, _read + 1);
        }
    }
}
