using System.Runtime.CompilerServices;
using SpeechStream.AspNetCore.Messages;

namespace SpeechStream.AspNetCore.Sessions;

/// <summary>What a session has said, for any number of readers, each at its own pace. None has a queue of its own, so that a slow reader costs nothing.</summary>
/// <remarks>
/// Messages have numbers that count on. The interim result has none: a reader gets only the newest, when it has read everything else. All members may be used from any thread.
/// </remarks>
/// <param name="last">The number before the first one, which is larger than 0 if another server has begun the session.</param>
/// <param name="capacity">The bytes that are kept.</param>
internal sealed class EventLog(long last, int capacity)
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _kept = [];
    private long _last = last;
    private int _bytes;
    private byte[]? _interim;
    private long _interims;
    private long _touches;
    private bool _isComplete;
    private TaskCompletionSource _changed = NewChange();
    private TaskCompletionSource _touched = NewChange(); // or changed

    /// <summary>Whether nothing more will come.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _isComplete;
            }
        }
    }

    /// <summary>The number of the newest message.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>Adds a message; an interim result takes the place of the one before, and any other ends it. Does nothing after the end.</summary>
    public void Add(ServerMessage message)
    {
        lock (_lock)
        {
            if (_isComplete)
            {
                return;
            }

            if (message is InterimMessage)
            {
                (_interim, _interims) = (MessageJson.Write(message), _interims + 1);
            }
            else
            {
                _interim = message is FinalMessage ? null : _interim;
                var text = MessageJson.Write(message with { Seq = ++_last });
                _kept.Add(text);
                _bytes += text.Length;
                Trim();
            }

            Change();
        }
    }

    /// <summary>Gives an entry without a message to the readers that want it. All others sleep on, and keep their interval.</summary>
    public void Touch()
    {
        lock (_lock)
        {
            _touches++;
            Renew(ref _touched);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            (_isComplete, _interim) = (true, null);
            Change();
        }
    }

    /// <summary>Reads what comes after a message, to the end.</summary>
    /// <param name="after">The number of the last message that the reader has; 0 for none.</param>
    /// <param name="idle">How long nothing happens before an entry without a message comes.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="isTouched">Whether the reader gets the entries of <see cref="Touch"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<LogEntry> ReadAsync(
        long after, TimeSpan idle, TimeProvider time, bool isTouched, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (read, interims, touches) = (after, 0L, 0L);
        while (true)
        {
            LogEntry? next;
            Task changed;
            bool isComplete;
            lock (_lock)
            {
                next = Next(ref read, ref interims) ?? (isTouched && touches < _touches ? default(LogEntry) : null);
                touches = next is { Message.IsEmpty: true } ? _touches : touches;
                (changed, isComplete) = ((isTouched ? _touched : _changed).Task, _isComplete);
            }

            if (next is not null)
            {
                yield return next.Value;
                continue;
            }

            if (isComplete)
            {
                yield break;
            }

            // A time-out is nothing unusual here, and isn't worth an exception.
            await changed.WaitAsync(idle, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!changed.IsCompleted)
            {
                yield return default;
            }
        }
    }

    private static void Renew(ref TaskCompletionSource change)
    {
        change.SetResult();
        change = NewChange();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LogEntry? Next(ref long read, ref long interims)
    {
        // A reader that claims to have read what isn't there yet has it from another server. It gets what is new here.
        read = Math.Min(read, _last);
        var first = _last - _kept.Count;
        if (read < first)
        {
            var skipped = first - read;
            read = first;
            return new(read, MessageJson.Write(new SkippedMessage(skipped) { Seq = read }));
        }

        if (read < _last)
        {
            return new(++read, _kept[(int)(read - first - 1)]);
        }

        if (_interim is null || interims == _interims)
        {
            return null;
        }

        interims = _interims;
        return new(null, _interim);
    }

    /// <summary>Discards the oldest eighth when there is too much, so that this happens seldom.</summary>
    private void Trim()
    {
        if (_bytes <= capacity)
        {
            return;
        }

        var discarded = 0;
        while (_bytes > capacity * 7L / 8 && discarded < _kept.Count - 1)
        {
            _bytes -= _kept[discarded++].Length;
        }

        _kept.RemoveRange(0, discarded);
    }

    private void Change()
    {
        Renew(ref _changed);
        Renew(ref _touched);
    }
}

/// <summary>A message of the log; an entry without one says that nothing happened for a while.</summary>
/// <param name="Seq">Its number; null for an interim result.</param>
/// <param name="Message">UTF-8, one line of JSON.</param>
internal readonly record struct LogEntry(long? Seq, ReadOnlyMemory<byte> Message);
