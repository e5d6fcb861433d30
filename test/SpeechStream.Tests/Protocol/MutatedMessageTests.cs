using System.Text;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class MutatedMessageTests
{
    private readonly ServerMessage _message = new();

    [Fact]
    public void A_damaged_message_is_read_ignored_or_a_protocol_error() =>
        Mutation.Check(Sample.Names("server.*.json").Select(Sample.Bytes), mutated =>
        {
            try
            {
                if (new MessageReader(TaskOf(mutated), new Redactor()).Read(mutated, _message) == MessageOutcome.Ours)
                {
                    _message.MissingField.Should().BeNull();
                }
            }
            catch (SpeechProtocolException exception)
            {
                exception.Message.Length.Should().BeLessThan(1000);
            }
        });

    // A message of another task is ignored, which would hide what it does to the reader.
    private static string TaskOf(byte[] message)
    {
        var at = message.AsSpan().IndexOf("\"task_id\""u8);
        var start = at < 0 ? -1 : message.AsSpan(at + 9).IndexOf((byte)'"');
        var value = start < 0 ? [] : message.AsSpan(at + 9 + start + 1);
        return value.IndexOf((byte)'"') is > 0 and var length ? Encoding.UTF8.GetString(value[..length]) : "0123456789abcdef0123456789abcdef";
    }
}
