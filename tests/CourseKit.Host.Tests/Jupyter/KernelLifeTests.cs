using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CourseKit.Host.Tests.Zmtp;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>How a kernel starts, is interrupted, endures what it should not be sent, and ends.</summary>
[Collection("console")]
public sealed class KernelLifeTests
{
    private const string Training = "#r \"CourseKit.dll\"\nusing CourseKit.Training;\nvar text = string.Concat(Enumerable.Repeat(\"the cat sat on the mat \", 100));\nvar done = 0;";

    [UnixTheory]
    [InlineData("message")]
    [InlineData("signal")]
    public async Task Interrupt_TrainingThenBusyLoop_EndTheCellAndKeepTheSession(string way)
    {
        await using var kernel = await KernelClient.StartAsync();
        Assert.Equal("ok", (string)(await kernel.ExecuteAsync(Training.Replace("CourseKit.dll", Path.Combine(AppContext.BaseDirectory, "CourseKit.dll"), StringComparison.Ordinal))).Reply["status"]!);
        foreach (var code in new[]
        {
            "CharacterModel.Train(text, new() { Hidden = 8, BatchSize = 2, Window = 10, Steps = 10_000_000, Progress = null, OnStep = _ => { if (done++ % 100 == 3) Console.Write(\"in\"); } });",
            "Console.Write(\"in\"); while (true) { done ^= 1; }",
            "Console.Write(\"in\"); await Task.Delay(-1);",
        })
        {
            var id = await kernel.SendAsync("execute_request", KernelClient.Execute(code));
            var waiting = await kernel.SendAsync("execute_request", KernelClient.Execute("1"));
            kernel.WaitForOutput(id);
            if (way == "message")
                await kernel.RequestAsync("interrupt_request", [], "control");
            else
                Assert.Equal(0, (await HostProcess.Shell($"kill -INT {kernel.Process.Id}")).Code);
            Assert.Equal("Interrupted", kernel.Reply(id).Text("ename"));
            Assert.Equal("aborted", kernel.Reply(waiting).Text("status"));
        }
        Assert.Equal("ok", (string)(await kernel.ExecuteAsync("text.Length + done")).Reply["status"]!);
    }

    [Fact]
    public async Task Interrupt_BlockingCall_SaysWhatToDo()
    {
        await using var kernel = await KernelClient.StartAsync();
        var id = await kernel.SendAsync("execute_request", KernelClient.Execute("Console.Write(\"in\"); System.Threading.Thread.Sleep(6000);"));
        kernel.WaitForOutput(id);
        await kernel.RequestAsync("interrupt_request", [], "control");

        Assert.Equal("Interrupted", kernel.Reply(id).Text("ename"));
        var told = kernel.Published(id).Single(message => message.Type == "stream");
        Assert.Equal("stderr", told.Text("name"));
        Assert.Contains("restart the kernel (in Jupyter: Kernel, Restart); variables are lost then, files are not.", told.Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_NothingRuns_ChangesNothing()
    {
        await using var kernel = await KernelClient.StartAsync();
        await kernel.RequestAsync("interrupt_request", [], "control");
        Assert.Equal("ok", (string)(await kernel.ExecuteAsync("1")).Reply["status"]!);
    }

    [Theory]
    [InlineData("control", false)]
    [InlineData("control", true)]
    [InlineData("shell", false)]
    public async Task Shutdown_Request_IsAnsweredAndEndsTheProcess(string channel, bool restart)
    {
        await using var kernel = await KernelClient.StartAsync();
        Assert.Equal(restart, (bool)(await kernel.RequestAsync("shutdown_request", new() { ["restart"] = restart }, channel))["restart"]!);
        await Ends(kernel, 0);
    }

    [Fact]
    public async Task Shutdown_WhileTraining_LetsTheCheckpointBeWritten()
    {
        await using var kernel = await KernelClient.StartAsync();
        using var folder = new TemporaryFolder();
        await kernel.ExecuteAsync(Training.Replace("CourseKit.dll", Path.Combine(AppContext.BaseDirectory, "CourseKit.dll"), StringComparison.Ordinal));
        var id = await kernel.SendAsync("execute_request", KernelClient.Execute(
            $"CharacterModel.Train(text, new() {{ Hidden = 8, BatchSize = 2, Window = 10, Steps = 10_000_000, Progress = null, Callbacks = [new Checkpoint(@\"{folder["c"]}\", 1_000_000)], OnStep = _ => {{ if (done++ == 3) Console.Write(\"in\"); }} }});"));
        kernel.WaitForOutput(id);
        await kernel.RequestAsync("shutdown_request", new() { ["restart"] = false }, "control");
        await Ends(kernel, 0);
        Assert.True(File.Exists(folder["c"]));
    }

    [UnixTheory]
    [InlineData("TERM")]
    public async Task Terminate_Signal_EndsTheProcess(string signal)
    {
        await using var kernel = await KernelClient.StartAsync();
        await HostProcess.Shell($"kill -{signal} {kernel.Process.Id}");
        await Ends(kernel, 0);
    }

    [UnixTheory]
    [InlineData("KILL")]
    public async Task Parent_IsGone_EndsTheProcess(string signal)
    {
        using var parent = Process.Start("sleep", "300")!;
        await using var kernel = await KernelClient.StartAsync(parent: $"{parent.Id}");
        Assert.Equal("ok", (string)(await kernel.ExecuteAsync("1")).Reply["status"]!);
        await HostProcess.Shell($"kill -{signal} {parent.Id}");
        await Ends(kernel, 0);
    }

    [Fact]
    public async Task Client_Vanishes_TheNextOneFindsTheSession()
    {
        await using var kernel = await KernelClient.StartAsync();
        var id = await kernel.SendAsync("execute_request", KernelClient.Execute("var kept = 0; for (; kept < 20; kept++) { Console.WriteLine(new string('x', 1_000_000)); await Task.Delay(50); }"));
        kernel.WaitForOutput(id);
        kernel.Disconnect();
        await kernel.ConnectAsync();
        Assert.Equal("20", (string)(await kernel.ExecuteAsync("kept")).Outputs.Single().Content["data"]!["text/plain"]!);
    }

    [Fact]
    public async Task Messages_WrongOrMalformed_AreRefusedLoggedAndWithoutEffect()
    {
        await using var kernel = await KernelClient.StartAsync();
        await kernel.SendAsync("execute_request", KernelClient.Execute("var evil = 1;"), key: "another key");
        var (_, signed) = kernel.Message("execute_request", KernelClient.Execute("var evil = 1;"));
        byte[][][] messages =
        [
            [.. signed[..1], [], .. signed[2..]],
            [.. signed[..5], "{\"code\":\"var evil = 2;\"}"u8.ToArray()],
            signed[..4],
            signed[1..],
            [[]],
            [signed[0]],
            Signed(kernel, "{", "{}"),
            Signed(kernel, "[]", "{}"),
            Signed(kernel, "{}", "{}"),
            Signed(kernel, "{\"msg_type\":\"execute_request\",\"msg_id\":\"a\",\"msg_id\":\"b\"}", "{}"),
            Signed(kernel, "{\"msg_type\":\"execute_request\",\"msg_id\":\"a\"}", "[1]"),
            Signed(kernel, "{\"msg_type\":7,\"msg_id\":\"a\"}", "{}"),
            Signed(kernel, "{\"msg_type\":\"execute_request\",\"msg_id\":\"a\"}", new string('[', 5000)),
        ];
        foreach (var message in messages)
            await kernel.Shell.SendAsync(ZmtpPeer.Message(message));
        // Right in form, wrong in type: an answer, not an end.
        await kernel.Shell.SendAsync(ZmtpPeer.Message(Signed(kernel, "{\"msg_type\":\"execute_request\",\"msg_id\":\"odd\"}", "{\"code\":7,\"silent\":\"x\",\"user_expressions\":[]}")));
        await kernel.Shell.SendAsync(ZmtpPeer.Message(Signed(kernel, "{\"msg_type\":\"complete_request\",\"msg_id\":\"odd\"}", "{\"code\":\"a\",\"cursor_pos\":-5}")));
        await kernel.Shell.SendAsync(ZmtpPeer.Message(Signed(kernel, "{\"msg_type\":\"history_request\",\"msg_id\":\"odd\"}", "{\"hist_access_type\":[],\"n\":-1}")));

        var (reply, _) = await kernel.ExecuteAsync("evil");
        Assert.Equal("CS0103: The name 'evil' does not exist in the current context", (string)reply["evalue"]!);
        Assert.Equal(3, kernel.Log.Count(line => line == "coursekit kernel: a message has a wrong signature; it is passed over"));
        Assert.Equal(messages.Length - 2, kernel.Log.Count(line => line.StartsWith("coursekit kernel: a message", StringComparison.Ordinal) && !line.Contains("signature", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Log_EndlessNonsense_IsCutShort()
    {
        await using var kernel = await KernelClient.StartAsync();
        for (var i = 0; i < 500; i++)
            await kernel.SendAsync("execute_request", KernelClient.Execute("1"), key: "another key");
        Assert.Equal("ok", (string)(await kernel.ExecuteAsync("1")).Reply["status"]!);
        Assert.Equal(200, kernel.Log.Count);
        Assert.EndsWith("(further lines are left out)", kernel.Log.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.2", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.2")]
    public async Task Sockets_ListenOnTheAddressOfTheFileOnly(string ip, string other)
    {
        await using var kernel = await KernelClient.StartAsync(ip);
        foreach (var address in kernel.Addresses.Values.Cast<IPEndPoint>())
        {
            (await ZmtpPeer.ConnectAsync(address)).Dispose();
            await Assert.ThrowsAsync<SocketException>(() => ZmtpPeer.ConnectAsync(new IPEndPoint(IPAddress.Parse(other), address.Port)));
        }
    }

    [Fact]
    public async Task Transport_LocalFiles_WorksToo()
    {
        await using var kernel = await KernelClient.StartAsync(transport: "ipc");
        Assert.Equal("2", (string)(await kernel.ExecuteAsync("1 + 1")).Outputs.Single().Content["data"]!["text/plain"]!);
    }

    [Fact]
    public async Task Key_Empty_NeedsNoSignatures()
    {
        await using var kernel = await KernelClient.StartAsync(key: "");
        Assert.Equal("2", (string)(await kernel.ExecuteAsync("1 + 1")).Outputs.Single().Content["data"]!["text/plain"]!);
    }

    [Theory]
    [InlineData(null, "the connection file cannot be read (Could not find file")]
    [InlineData("nonsense", "a connection file must be one JSON object.")]
    [InlineData("[]", "a connection file must be one JSON object.")]
    [InlineData("{}", "shell_port must be a port from 1 to 65535, but is missing.")]
    [InlineData("{\"shell_port\":0}", "shell_port must be a port from 1 to 65535, but is 0.")]
    [InlineData("{\"shell_port\":\"a\"}", "shell_port must be a port from 1 to 65535, but is \"a\".")]
    [InlineData("{\"transport\":\"udp\"}", "transport must be \"tcp\" or \"ipc\", but is \"udp\".")]
    [InlineData("{\"ip\":\"nowhere\",\"shell_port\":1}", "ip must be an address such as 127.0.0.1, but is \"nowhere\".")]
    [InlineData("{\"signature_scheme\":\"none\"}", "signature_scheme must be \"hmac-sha256\", but is \"none\".")]
    [InlineData("{\"key\":5,\"shell_port\":1,\"control_port\":1,\"stdin_port\":1,\"iopub_port\":1,\"hb_port\":1}", "key must be text.")]
    [InlineData("{\"ip\":\"192.0.2.1\",\"shell_port\":40001,\"control_port\":40002,\"stdin_port\":40003,\"iopub_port\":40004,\"hb_port\":40005}", "the kernel cannot listen there:")]
    public async Task ConnectionFile_Wrong_EndsWithOneLine(string? content, string why)
    {
        using var folder = new TemporaryFolder();
        if (content is not null)
            File.WriteAllText(folder["c.json"], content);
        using var process = HostProcess.Start("serve-kernel", folder["c.json"]);
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith($"coursekit kernel: {folder["c.json"]}: {why}", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Port_Taken_EndsWithOneLine()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        File.WriteAllText(folder["c.json"], new JsonObject { ["shell_port"] = port, ["control_port"] = port, ["stdin_port"] = port, ["iopub_port"] = port, ["hb_port"] = port }.ToJsonString());
        using var process = HostProcess.Start("serve-kernel", folder["c.json"]);
        Assert.StartsWith($"coursekit kernel: {folder["c.json"]}: the kernel cannot listen there: ", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
    }

    private static byte[][] Signed(KernelClient kernel, string header, string content) => kernel.Sign([Encoding.UTF8.GetBytes(header), "{}"u8.ToArray(), "{}"u8.ToArray(), Encoding.UTF8.GetBytes(content)]);

    private static async Task Ends(KernelClient kernel, int code)
    {
        using var limit = new CancellationTokenSource(20_000);
        await kernel.Process.WaitForExitAsync(limit.Token);
        Assert.Equal(code, kernel.Process.ExitCode);
    }
}
