using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using SpeechStream.Benchmarks.Load;
using SpeechStream.Transport;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>A connection in memory that costs no allocation: what is sent is counted, what was queued is received.</summary>
/// <param name="sendsLater">Each send completes on another thread, as one does that the kernel had no room for.</param>
internal sealed class MemoryConnection(bool sendsLater) : IConnection, IValueTaskSource<Received>, IValueTaskSource, IThreadPoolWorkItem
{
    private const int LongestMessage = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<(byte[] Message, int Length)> _incoming = new(256);
    private readonly ConcurrentQueue<byte[]> _pool = new();
    private ManualResetValueTaskSourceCore<Received> _receiving = new() { RunContinuationsAsynchronously = false };
    private ManualResetValueTaskSourceCore<bool> _sending = new() { RunContinuationsAsynchronously = false };
    private bool _isWaiting;
    private byte[]? _current;
    private long _audioBytes;

    public Closed Closed => default;

    public string TaskId { get; private set; } = "";

    public long AudioBytes => Volatile.Read(ref _audioBytes);

    /// <summary>Queues a message for the receiver; it is copied into memory that is used again.</summary>
    public void Push(ReadOnlySpan<byte> text)
    {
        var message = _pool.TryDequeue(out var used) ? used : new byte[LongestMessage];
        text.CopyTo(message);
        lock (_gate)
        {
            _incoming.Enqueue((message, text.Length));
            if (!_isWaiting)
            {
                return;
            }

            _isWaiting = false;
        }

        // Here the receiver runs, up to its next wait.
        _receiving.SetResult(Next());
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText)
    {
        if (isText && message.Span.IndexOf("StartTranscription"u8) >= 0)
        {
            var at = message.Span.IndexOf("\"task_id\":\""u8) + "\"task_id\":\"".Length;
            TaskId = System.Text.Encoding.ASCII.GetString(message.Span.Slice(at, 32));
            Answer("TranscriptionStarted");
        }
        else if (isText)
        {
            Answer("TranscriptionCompleted");
        }
        else
        {
            Volatile.Write(ref _audioBytes, _audioBytes + message.Length);
        }

        if (!sendsLater)
        {
            return ValueTask.CompletedTask;
        }

        _sending.Reset();
        var pending = new ValueTask(this, _sending.Version);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return pending;
    }

    public ValueTask<Received> ReceiveAsync()
    {
        if (_current is not null)
        {
            _pool.Enqueue(_current);
            _current = null;
        }

        lock (_gate)
        {
            if (_incoming.Count == 0)
            {
                _receiving.Reset();
                _isWaiting = true;
                return new(this, _receiving.Version);
            }
        }

        return new(Next());
    }

    public Task CloseAsync(TimeSpan timeout) => Task.CompletedTask;

    public void Abort()
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                return;
            }

            _isWaiting = false;
        }

        _receiving.SetException(new SpeechConnectionException("Aborted."));
    }

    public void Dispose() => Abort();

    void IThreadPoolWorkItem.Execute() => _sending.SetResult(true);

    Received IValueTaskSource<Received>.GetResult(short token) => _receiving.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Received>.GetStatus(short token) => _receiving.GetStatus(token);

    void IValueTaskSource<Received>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _receiving.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => _sending.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _sending.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sending.OnCompleted(continuation, state, token, flags);

    private void Answer(string name)
    {
        Span<byte> message = stackalloc byte[LongestMessage];
        Push(message[..ServiceMessages.Plain(message, name, TaskId)]);
    }

    private Received Next()
    {
        lock (_gate)
        {
            var (message, length) = _incoming.Dequeue();
            _current = message;
            return new(MessageKind.Text, message.AsMemory(0, length));
        }
    }
}
