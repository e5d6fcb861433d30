using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SpeechStream.Tests.Transport;

/// <summary>A stream to a peer that answers the first request as a test says, and then hangs up.</summary>
internal sealed partial class PeerStream(Func<string, byte[]> answer) : Stream
{
    private readonly StringBuilder _request = new();
    private readonly TaskCompletionSource<MemoryStream> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static PeerStream Saying(string text) => new(_ => Encoding.ASCII.GetBytes(text));

    /// <summary>A peer that accepts the handshake and then sends these bytes.</summary>
    public static PeerStream Accepting(params byte[] frames) => AcceptingWith("Connection: Upgrade", frames);

    /// <summary>A peer that accepts the handshake with this header, and then sends these bytes.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 defines the handshake so.")]
    public static PeerStream AcceptingWith(string connectionHeader, params byte[] frames) => new(request =>
    {
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(Key().Match(request).Groups[1].Value + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        var answer = $"HTTP/1.1 101 Switching Protocols\r\n{connectionHeader}\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(answer), .. frames];
    });

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await (await _answer.Task.WaitAsync(cancellationToken)).ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span.ToArray(), 0, buffer.Length);
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        _request.Append(Encoding.ASCII.GetString(buffer, offset, count));
        if (_request.ToString() is var request && request.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            _answer.TrySetResult(new MemoryStream(answer(request)));
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [GeneratedRegex("Sec-WebSocket-Key: (.+)\r\n")]
    private static partial Regex Key();
}
