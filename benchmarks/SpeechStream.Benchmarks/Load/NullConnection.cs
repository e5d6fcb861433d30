using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace SpeechStream.Benchmarks.Load;

/// <summary>One connection of <see cref="NullService"/>.</summary>
internal sealed class NullConnection(Stream stream)
{
    private const int TextFrame = 1, BinaryFrame = 2, CloseFrame = 8, PingFrame = 9, PongFrame = 10;
    private const int BytesPerMillisecond = 32, SentenceBytes = 64_000, InterimBytes = 6_400, Words = 2;

    private readonly byte[] _in = new byte[32 * 1024];
    private readonly byte[] _out = new byte[8 * 1024];
    private bool _isQuiet;
    private string _taskId = "";
    private int _from;
    private int _to;
    private long _audio;
    private int _index;

    public async Task RunAsync()
    {
        await ShakeHandsAsync();
        while (true)
        {
            var header = await HeaderAsync();
            if (header is not { } frame)
            {
                return;
            }

            if (frame.Opcode is BinaryFrame or 0)
            {
                await AudioAsync(frame.Length);

                continue;
            }

            if (!await FillAsync((int)frame.Length))
            {
                return;
            }

            var payload = Unmask((int)frame.Length, frame.Mask);
            switch (frame.Opcode)
            {
                case TextFrame:
                    await CommandAsync(payload);
                    break;
                case PingFrame:
                    await SendAsync(PongFrame, Copied(payload));
                    break;
                case CloseFrame:
                    await SendAsync(CloseFrame, Copied(payload));
                    return;
            }
        }
    }

    private async Task ShakeHandsAsync()
    {
        while (!_in.AsSpan(0, _to).EndsWith("\r\n\r\n"u8))
        {
            var count = await stream.ReadAsync(_in.AsMemory(_to));
            _to += count > 0 ? count : throw new IOException("No handshake came.");
        }

        var lines = Encoding.ASCII.GetString(_in, 0, _to).Split("\r\n");
        _isQuiet = lines[0].Contains(LoadTrials.Quiet, StringComparison.Ordinal);
        var key = lines.First(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
#pragma warning disable CA5350 // The protocol demands this hash; it proves nothing.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
        _to = 0;
    }

    private async ValueTask<(int Opcode, long Length, uint Mask)?> HeaderAsync()
    {
        if (!await FillAsync(2))
        {
            return null;
        }

        var (opcode, length) = (_in[_from] & 0x0F, _in[_from + 1] & 0x7F);
        var extended = length switch { 126 => 2, 127 => 8, _ => 0 };
        if (!await FillAsync(2 + extended + 4))
        {
            return null;
        }

        var rest = _in.AsSpan(_from + 2);
        var size = extended switch { 2 => BinaryPrimitives.ReadUInt16BigEndian(rest), 8 => BinaryPrimitives.ReadInt64BigEndian(rest), _ => length };
        var mask = BinaryPrimitives.ReadUInt32LittleEndian(rest[extended..]);
        _from += 2 + extended + 4;
        return (opcode, size, mask);
    }

    /// <summary>Makes so many bytes available; false at the end of the stream.</summary>
    private async ValueTask<bool> FillAsync(int bytes)
    {
        while (_to - _from < bytes)
        {
            if (_from > 0)
            {
                _in.AsSpan(_from, _to - _from).CopyTo(_in);
                (_from, _to) = (0, _to - _from);
            }

            var count = await stream.ReadAsync(_in.AsMemory(_to));
            if (count == 0)
            {
                return false;
            }

            _to += count;
        }

        return true;
    }

    private ReadOnlyMemory<byte> Unmask(int length, uint mask)
    {
        var payload = _in.AsMemory(_from, length);
        for (var i = 0; i < length; i++)
        {
            payload.Span[i] ^= (byte)(mask >> (8 * (i & 3)));
        }

        _from += length;
        return payload;
    }

    private async ValueTask AudioAsync(long length)
    {
        while (length > 0)
        {
            if (_from == _to && !await FillAsync(1))
            {
                return;
            }

            var part = (int)Math.Min(length, _to - _from);
            _from += part;
            length -= part;
            var before = _audio;
            _audio += part;
            if (!_isQuiet)
            {
                await TellAsync(before);
            }
        }
    }

    private async ValueTask TellAsync(long before)
    {
        // Where the sentence began that these bytes go on with; they may reach into the next one.
        var begin = before / SentenceBytes * SentenceBytes;
        if (before == begin)
        {
            await SendAsync(TextFrame, ServiceMessages.Begin(Payload, _taskId, ++_index, begin / BytesPerMillisecond));
        }

        var interims = (Math.Min(_audio, begin + SentenceBytes) - begin) / InterimBytes;
        for (var next = ((before - begin) / InterimBytes) + 1; next <= interims; next++)
        {
            await ResultAsync("TranscriptionResultChanged", begin, begin + (next * InterimBytes));
        }

        if (_audio >= begin + SentenceBytes)
        {
            await ResultAsync("SentenceEnd", begin, begin + SentenceBytes);
            if (_audio > begin + SentenceBytes)
            {
                await TellAsync(begin + SentenceBytes);
            }
        }
    }

    private ValueTask ResultAsync(string name, long begin, long end) => SendAsync(TextFrame, ServiceMessages.Result(
        Payload, name, _taskId, _index, begin / BytesPerMillisecond, end / BytesPerMillisecond, Words, Stopwatch.GetTimestamp()));

    private async ValueTask CommandAsync(ReadOnlyMemory<byte> message)
    {
        if (message.Span.IndexOf("StartTranscription"u8) >= 0)
        {
            _taskId = Encoding.ASCII.GetString(After(message.Span, "\"task_id\""u8));
            await SendAsync(TextFrame, ServiceMessages.Plain(Payload, "TranscriptionStarted", _taskId));
        }
        else if (message.Span.IndexOf("StopTranscription"u8) >= 0)
        {
            if (!_isQuiet && _audio % SentenceBytes != 0)
            {
                await ResultAsync("SentenceEnd", _audio / SentenceBytes * SentenceBytes, _audio);
            }

            await SendAsync(TextFrame, ServiceMessages.Plain(Payload, "TranscriptionCompleted", _taskId));
        }
    }

    /// <summary>The string value of a name.</summary>
    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        var rest = message[(message.IndexOf(name) + name.Length)..];
        rest = rest[(rest.IndexOf((byte)'"') + 1)..];
        return rest[..rest.IndexOf((byte)'"')];
    }

    // Room for the frame's header before it.
    private Span<byte> Payload => _out.AsSpan(4);

    private int Copied(ReadOnlyMemory<byte> payload)
    {
        payload.Span.CopyTo(Payload);
        return payload.Length;
    }

    private ValueTask SendAsync(int opcode, int length)
    {
        var start = length < 126 ? 2 : 0;
        _out[start] = (byte)(0x80 | opcode);
        _out[start + 1] = (byte)(length < 126 ? length : 126);
        if (length >= 126)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_out.AsSpan(2), (ushort)length);
        }

        return stream.WriteAsync(_out.AsMemory(start, 4 - start + length));
    }
}
