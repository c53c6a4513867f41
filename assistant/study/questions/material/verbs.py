"""Verbs of official Chinese, by which members of a list and what they act on are told apart; of the language."""

# What orders, plans and speeches tell people to do.
VERBS = frozenset(
    (
        "加强 强化 提高 提升 推进 推动 深化 落实 完善 健全 建立 坚持 坚定 增强 聚焦 突出 压实 夯实 凝聚 严明 "
        "严格 规范 堵塞 促进 保障 维护 贯彻 学习 领会 把握 发挥 创新 更新 打造 锻造 锤炼 整合 统筹 优化 扩大 "
        "拓展 巩固 纠治 服务 助推 防范 化解 查处 整治 净化 涵养 培育 弘扬 传承 践行 树立 牢记 守住 筑牢 紧盯 "
        "紧扣 围绕 抓好 抓实 做好 做实 开展 组织 实施 制定 编制 修订 明确 落细 落地 细化 量化 监督 检查 督促 "
        "指导 协调 配合 支持 鼓励 引导 激发 激活 调动 释放 扩展 延伸 畅通 改善 改进 改革 解决 破解 破除 消除 "
        "清除 排查 梳理 总结 推广 宣传 普及 研究 分析 研判 评估 考核 问责 追究 保护 修复 治理 防治 控制 减少 "
        "降低 节约 利用 开发 建设 改造 更换 补齐 填补 补足 构建 形成 汇聚 团结 动员 带动 引领 示范 培养 选拔 "
        "配备 配齐 充实 壮大 发展 繁荣 振兴 稳定 稳住 增加 扩充 满足 回应 关心 关爱 帮扶 救助 扶持 收集 整理 "
        "保存 公开 公布 发布 报告 审批 审核 审查 验收 登记 备案 受理 办理 签订 履行 变更 解除 终止 赔偿 补偿 "
        "支付 缴纳 征收 征集 采集 储存 运输 销售 生产 经营 设立 撤销 任免 选举 批准 决定 讨论 听取 反映 汇报 "
        "用好 管好 守好 建好 办好 打好 拓宽 缩小 简化 精简 压减 放宽 转变 转化 转换 激励 约束 规避 防止 防控 "
        "遏制 打击 惩治 挂牌 增进 巡查 走访 调研 谋划 部署"
    ).split()
)

# Verbs of what is done to something bad: among those of what is good they stand out.
AGAINST = frozenset(
    "堵塞 纠治 整治 清理 防范 化解 遏制 打击 查处 克服 破除 防止 杜绝 消除 减少 惩治 纠正 治理 解决 抵制 严惩 "
    "避免 摒弃 取缔 清除 排查 整改 预防 压减".split()
)
# Those that are said of nearly anything: as wrong options they might be right.
GENERAL_VERBS = frozenset(
    (
        "加强 强化 增强 提高 提升 促进 推动 推进 深化 完善 健全 落实 坚持 抓好 抓实 做好 做实 开展 突出 聚焦 "
        "把握 发挥 创新 优化 巩固 更新 改进 实施 保障 扩大 拓展 建立 组织 维护 贯彻 树立 改善 建设 发展 形成 "
        "转变 加快 用好 管好 建好 办好 研究 分析 引导 促成 助推 统筹"
    ).split()
)

# Those that are as often no verbs.
DOUBTFUL_VERBS = frozenset(
    ("明确 规范 严格 稳定 充实 公开 统筹 学习 畅通 集中 监督 服务 发展 开发 利用 改革 实施").split()
)
