using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

/// <summary>Messages of any size up to the limit are received whole, and a large one doesn't take memory for ever.</summary>
public sealed class MessageSizeTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task A_message_at_the_limit_is_received_and_a_longer_one_is_refused(int limit)
    {
        using var connection = Receiving(limit, limit, limit + 1);

        (await connection.ReceiveAsync()).Payload.ToArray().Should().Equal(Message(limit));
        (await connection.Awaiting(receiving => receiving.ReceiveAsync().AsTask()).Should().ThrowAsync<SpeechProtocolException>()).Which.Message.Should().Contain("MaxMessageBytes");
    }

    [Fact]
    public async Task The_memory_of_a_large_message_isnt_kept_for_the_next()
    {
        using var connection = Receiving(1_000_000, 100_000, 100);
        (await connection.ReceiveAsync()).Payload.Length.Should().Be(100_000);

        MemoryMarshal.TryGetArray((await connection.ReceiveAsync()).Payload, out var next).Should().BeTrue();

        next.Count.Should().Be(100);
        next.Array!.Length.Should().BeLessThan(20_000);
    }

    private static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)('a' + (index % 26)))];

    /// <summary>A connection whose peer has sent text messages of these lengths.</summary>
    private static WebSocketConnection Receiving(int limit, params int[] lengths)
    {
        var frames = new MemoryStream();
        foreach (var length in lengths)
        {
            var header = new byte[10];
            (header[0], header[1]) = (0x81, 127);
            BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
            frames.Write(header);
            frames.Write(Message(length));
        }

        frames.Position = 0;
        return new(WebSocket.CreateFromStream(frames, new WebSocketCreationOptions()), limit, new Redactor(), TimeProvider.System);
    }
}
