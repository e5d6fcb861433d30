namespace SpeechStream.Gateway.Recognizers.Decoding;

/// <summary>Hands each task a decoder of its own, with one loaded ahead, and bounds how many are in use.</summary>
internal sealed class DecoderPool(Func<SpeechDecoder> create, int limit)
{
    private readonly Lock _lock = new();
    private Task<SpeechDecoder>? _spare;
    private int _used;
    private bool _isOver;

    /// <summary>Loads the spare one; fails if none can be loaded.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) => Spare().WaitAsync(cancellationToken);

    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _used) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        return false;
    }

    /// <summary>The decoder of a reserved place: the spare one, if there is one.</summary>
    public Task<SpeechDecoder> TakeAsync()
    {
        lock (_lock)
        {
            var taken = Spare();
            _spare = null;
            return taken;
        }
    }

    /// <summary>Frees a place and what was taken for it, and loads a spare decoder for the next task.</summary>
    public void Return(SpeechDecoder? decoder)
    {
        try
        {
            decoder?.Dispose();
        }
        finally
        {
            Interlocked.Decrement(ref _used);
            lock (_lock)
            {
                if (!_isOver)
                {
                    _ = Spare();
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<SpeechDecoder>? spare;
        lock (_lock)
        {
            spare = _spare;
            _isOver = true;
        }

        if (spare is not null)
        {
            // One that couldn't be made is nothing to be disposed of.
            await ((Task)spare).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (spare.IsCompletedSuccessfully)
            {
                (await spare.ConfigureAwait(false)).Dispose();
            }
        }
    }

    private Task<SpeechDecoder> Spare()
    {
        lock (_lock)
        {
            return _spare ??= Task.Run(create);
        }
    }
}
