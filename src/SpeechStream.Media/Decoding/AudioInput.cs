namespace SpeechStream.Media.Decoding;

/// <summary>The bytes of a recording, from a file or from a stream that may be live, with as many of them buffered as a reader asks for.</summary>
/// <param name="stream">Isn't disposed.</param>
/// <param name="stop">Ends every wait for bytes.</param>
internal sealed class AudioInput(Stream stream, CancellationToken stop)
{
    private const int UsualBytes = 64 * 1024;

    // Where the recording begins in a stream that isn't at its beginning.
    private readonly long _origin = stream.CanSeek ? stream.Position : 0;
    private byte[] _buffer = new byte[UsualBytes];
    private int _from;
    private int _to;

    /// <summary>What is read and not yet taken.</summary>
    public ReadOnlyMemory<byte> Buffered => _buffer.AsMemory(_from, _to - _from);

    /// <summary>The length of the whole recording in bytes; null for a stream that can't seek.</summary>
    public long? Length { get; } = stream.CanSeek ? stream.Length - stream.Position : null;

    /// <summary>Waits until so many bytes are buffered.</summary>
    /// <returns>False when the stream ends before that.</returns>
    public async ValueTask<bool> FillAsync(int count)
    {
        if (_buffer.Length - _from < count)
        {
            var target = count > _buffer.Length ? new byte[Math.Max(count, 2 * _buffer.Length)] : _buffer;
            Buffered.CopyTo(target);
            (_buffer, _from, _to) = (target, 0, _to - _from);
        }

        while (_to - _from < count)
        {
            var read = await ReadAsync().ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            _to += read;
        }

        return true;
    }

    public void Take(int count)
    {
        _from += count;
        if (_from == _to)
        {
            (_from, _to) = (0, 0);
        }
    }

    /// <summary>Takes so many bytes that nobody needs.</summary>
    /// <returns>False when the stream ends before that.</returns>
    public async ValueTask<bool> SkipAsync(long count)
    {
        while (count > Buffered.Length)
        {
            count -= Buffered.Length;
            Take(Buffered.Length);
            if (!await FillAsync(1).ConfigureAwait(false))
            {
                return false;
            }
        }

        Take((int)count);
        return true;
    }

    /// <summary>Bytes from elsewhere in the recording, which stay where they are; fewer at its end, and none of a stream that can't seek.</summary>
    public async ValueTask<byte[]> PeekAsync(long position, int count)
    {
        if (Length is not { } length || position < 0 || position >= length)
        {
            return [];
        }

        var (bytes, next) = (new byte[Math.Min(count, length - position)], stream.Position);
        stream.Position = _origin + position;
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop).ConfigureAwait(false);
        stream.Position = next;
        return bytes[..read];
    }

    // A console can't be canceled: its read is left to itself then.
    private Task<int> ReadAsync() => stream.ReadAsync(_buffer.AsMemory(_to), stop).AsTask().WaitAsync(stop);
}
