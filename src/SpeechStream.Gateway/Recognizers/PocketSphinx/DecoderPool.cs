namespace SpeechStream.Gateway.Recognizers.PocketSphinx;

/// <summary>Hands each task a decoder of its own, with one loaded ahead, and bounds how many are in use.</summary>
internal sealed class DecoderPool(DecoderModel model, int limit)
{
    private readonly Lock _lock = new();
    private Task<Decoder>? _spare;
    private int _used;

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
    public Task<Decoder> TakeAsync()
    {
        lock (_lock)
        {
            var taken = Spare();
            _spare = null;
            return taken;
        }
    }

    /// <summary>Frees a place and what was taken for it, and loads a spare decoder for the next task.</summary>
    public void Return(Decoder? decoder)
    {
        decoder?.Dispose();
        Interlocked.Decrement(ref _used);
        _ = Spare();
    }

    public async ValueTask DisposeAsync()
    {
        Task<Decoder>? spare;
        lock (_lock)
        {
            spare = _spare;
        }

        if (spare is not null)
        {
            (await spare.ConfigureAwait(false)).Dispose();
        }

        model.Dispose();
    }

    private Task<Decoder> Spare()
    {
        lock (_lock)
        {
            return _spare ??= Task.Run(() => new Decoder(model));
        }
    }
}
