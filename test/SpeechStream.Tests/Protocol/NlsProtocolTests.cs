using System.Text;
using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class NlsProtocolTests
{
    private readonly NlsProtocol _protocol = new NlsProtocol(new() { AppKey = "the-key" });

    [Fact]
    public void The_token_goes_into_the_vendors_header() =>
        _protocol.AuthenticationHeader(new SpeechToken { Id = "t", ExpiresAt = default }).Should().Be(KeyValuePair.Create("X-NLS-Token", "t"));

    [Fact]
    public void Each_task_has_an_id_of_its_own_in_the_vendors_form()
    {
        var request = _protocol.CreateRequest(new());
        var ids = new[] { request.CreateTask(new Redactor()).TaskId, request.CreateTask(new Redactor()).TaskId };

        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 32 && id.All(char.IsAsciiHexDigitLower));
    }

    [Fact]
    public void The_messages_of_a_task_have_its_id_and_the_app_key()
    {
        var task = _protocol.CreateRequest(new()).CreateTask(new Redactor());
        ReadOnlyMemory<byte>[] written = [task.WriteStart(), task.WriteStop(), task.WriteControl(Control("x"))];

        written.Select(message => Header(message, "task_id")).Should().AllBe(task.TaskId);
        written.Select(message => Header(message, "appkey")).Should().AllBe("the-key");
        written.Select(message => Header(message, "name")).Should().Equal("StartTranscription", "StopTranscription", "ControlTranscriber");
    }

    [Fact]
    public void The_name_of_control_messages_is_the_options()
    {
        var task = _protocol.CreateRequest(new() { ControlMessageName = "ControlTranscription" }).CreateTask(new Redactor());

        Header(task.WriteControl(Control("x")), "name").Should().Be("ControlTranscription");
    }

    [Fact]
    public void A_task_made_before_a_merge_starts_with_it()
    {
        var request = _protocol.CreateRequest(new());
        var task = request.CreateTask(new Redactor());

        request.Merge(Control("vocabulary_id"));

        Parse(task.WriteStart())["payload"]!["vocabulary_id"].Should().NotBeNull();
    }

    [Fact]
    public void A_failure_comes_as_the_exception_to_throw()
    {
        var task = _protocol.CreateRequest(new()).CreateTask(new Redactor());

        var message = Read(task, $$"""{"header":{"name":"TaskFailed","task_id":"{{task.TaskId}}","status":40000005,"status_text":"why"} }""");

        message.Failure!.Retry.Should().Be(Retry.Quota);
        message.Failure.Failure.Should().Be(new TaskFailed { TaskId = task.TaskId, StatusCode = 40000005, StatusText = "why" });
    }

    [Theory]
    [InlineData(40270002, true)]
    [InlineData(41010105, false)]
    [InlineData(40000000, false)]
    public void Only_silent_speech_is_silence(int status, bool isSilence)
    {
        var task = _protocol.CreateRequest(new()).CreateTask(new Redactor());

        Read(task, $$"""{"header":{"name":"TaskFailed","status":{{status}} } }""").IsSilence.Should().Be(isSilence);
    }

    [Theory]
    [InlineData(51040104, true)]
    [InlineData(20000000, false)]
    public void A_final_says_whether_it_timed_out(int status, bool timedOut)
    {
        var task = _protocol.CreateRequest(new()).CreateTask(new Redactor());

        Read(task, $$"""{"header":{"name":"SentenceEnd"},"payload":{"index":1,"time":2,"result":"","status":{{status}} } }""").TimedOut.Should().Be(timedOut);
    }

    private static ControlPayload Control(string name) => new(new Dictionary<string, JsonNode?> { [name] = 1 });

    private static ServerMessage Read(ISpeechTask task, string json)
    {
        var message = new ServerMessage();
        task.Read(Encoding.UTF8.GetBytes(json), message).Should().Be(MessageOutcome.Ours);
        return message;
    }

    private static string Header(ReadOnlyMemory<byte> message, string field) => (string)Parse(message)["header"]![field]!;

    private static JsonObject Parse(ReadOnlyMemory<byte> message) => JsonNode.Parse(message.Span)!.AsObject();
}
