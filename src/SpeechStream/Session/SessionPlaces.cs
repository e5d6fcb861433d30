using System.Diagnostics.CodeAnalysis;

namespace SpeechStream.Session;

/// <summary>Room for as many sessions as <see cref="SpeechStreamClientOptions.MaxConcurrentSessions"/> lets run at once.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without a wait handle there is nothing to dispose of, and sessions may outlive the client's options.")]
internal sealed class SessionPlaces(int count)
{
    private readonly SemaphoreSlim _free = new(count);
    private int _count = count;

    /// <summary>The places for a limit: null without one, and otherwise those before, more or fewer of them, so that running sessions keep theirs.</summary>
    public static SessionPlaces? For(int? limit, SessionPlaces? before)
    {
        if (limit is not { } count)
        {
            return null;
        }

        before?.Resize(count);
        return before ?? new(count);
    }

    /// <summary>Waits for a place, in order.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    public void Release() => _free.Release();

    private void Resize(int count)
    {
        if (count > _count)
        {
            _free.Release(count - _count);
        }

        for (var surplus = _count - count; surplus > 0; surplus--)
        {
            // Taken for good, as soon as a session leaves it.
            _ = _free.WaitAsync();
        }

        _count = count;
    }
}
