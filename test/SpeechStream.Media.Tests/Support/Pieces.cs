using System.Threading.Channels;

namespace SpeechStream.Media.Tests.Support;

/// <summary>A stream that can't seek, as standard input or a request, which gives what it is given, piece by piece.</summary>
/// <param name="made">Pieces that are made when they are read; null for those that are added.</param>
internal sealed class Pieces(IEnumerable<byte[]>? made = null) : Stream
{
    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly IEnumerator<byte[]>? _made = made?.GetEnumerator();
    private ReadOnlyMemory<byte> _current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>All of the bytes, a few at a time.</summary>
    public static Pieces Of(byte[] bytes, int size)
    {
        var pieces = new Pieces();
        foreach (var piece in bytes.Chunk(size))
        {
            pieces.Add(piece);
        }

        pieces.End();
        return pieces;
    }

    public void Add(ReadOnlyMemory<byte> piece) => _pieces.Writer.TryWrite(piece);

    public void End(Exception? failure = null) => _pieces.Writer.Complete(failure);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_current.IsEmpty)
        {
            if (_made is null ? !await _pieces.Reader.WaitToReadAsync(cancellationToken) : !_made.MoveNext())
            {
                return 0;
            }

            _current = _made is null ? await _pieces.Reader.ReadAsync(CancellationToken.None) : _made.Current;
        }

        var count = Math.Min(buffer.Length, _current.Length);
        _current[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
